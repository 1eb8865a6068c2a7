package plan

import "time"

// grain is what minutes of a day are rounded to where we choose them.
const grain = 15

// studyDays are the days that study is spread over, by their number: an hour or so
// on each, no two in a row while there are few, and Friday evening last.
var studyDays = [8][]time.Weekday{
	nil,
	{time.Saturday},
	{time.Saturday, time.Wednesday},
	{time.Saturday, time.Monday, time.Wednesday},
	{time.Saturday, time.Monday, time.Tuesday, time.Thursday},
	{time.Saturday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday},
	{time.Saturday, time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday},
	{time.Saturday, time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
}

// Spread spreads the minutes of a week over its days, about an hour on each: as
// few days as that takes, and on each the same to a quarter of an hour, with what
// is left over at the weekend. The sum is the minutes given, at most seven times
// MaxDay.
func Spread(weekly int) (minutes [7]int) {
	weekly = min(max(0, weekly), 7*MaxDay)
	if weekly == 0 {
		return minutes
	}
	days := studyDays[min(7, max(1, (weekly+30)/60))]
	each := weekly / len(days) / grain * grain
	for _, d := range days {
		minutes[d] = each
	}
	for left, i := weekly-each*len(days), 0; left > 0; i++ {
		more := min(left, grain)
		minutes[days[i%len(days)]] += more
		left -= more
	}
	return minutes
}
