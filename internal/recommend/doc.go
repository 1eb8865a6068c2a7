// Package recommend turns a person's situation and evidence into a ranking of
// certifications, each with a ledger of the reasons for its place.
//
// # The score
//
// A certification's score is the sum of its ledger. Every entry is a multiple
// of a quarter, so that the figures on the page add up exactly and claim no
// precision they don't have:
//
//	score = rules + aims + depth + evidence + reach + lifecycle + judgement
//
// Rules. Each rule that the profile fires gives its weight (3 the employer's
// cloud or a deep fit, 2 role and background, 1 industry and claims). Rules
// that say the same thing count once: see "Families" below.
//
// Aims. +2 for an exam somebody names as their target, +1 for an associate or
// higher exam on a cloud of which they hold nothing, if they hold another's and
// want to stand out with two.
//
// Depth. What was said about depth and prerequisites against the level of the
// exam: from +1 to −2.
//
// Evidence. For an exam that has been measured (enough questions in the bank,
// three answers or more),
//
//	2 · tanh(½ · (logit p − m)) · n / (n + 12)
//
// where p is the probability of passing today, n the answers that bear on the
// exam and m the mean of logit p over the measured exams that can be taken, and
// one imaginary exam at 50 % (so that a single measured exam still counts). The
// term stays within ±2: it decides for somebody whose profile is neutral, and
// weighs as much as a role. At 24 answers two exams differ by 2⅔ at most, less
// than the employer's cloud.
//
// Reach. A professional, specialty or expert exam whose measured pass
// probability is 10 % or less loses all that speaks for it (but the calendar)
// and one point; from 10 to 30 % the loss fades to nothing. An entry exam loses
// two points, and whatever the answers gave it, for somebody who holds or is
// likely to pass (50 %; fading in from 40 %) an exam of a higher level, unless
// their words ask for an entry exam.
//
// Lifecycle. +½ for an exam that can be taken on the day, −½ for one of which
// that isn't confirmed; −¾ when 90 days or fewer are left, −1½ for 30 or fewer;
// −2 when its successor can be taken as well.
//
// Judgement. Ours, and marked so: +1 for the next step of a usual order after
// what is held, −3 for a credential that is already held under another exam
// code, −½ for a professional exam that is neither measured nor supported by
// anything technical in the profile, −½ for an exam about data engineering or
// MLOps where nothing that was said points there.
//
// Ties go to the higher pass probability, then to the exam that is confirmed,
// then to an associate exam before an entry exam before a professional one,
// then to the order of the catalogue.
//
// # Families
//
// A factor is a family. A rule that matches any of its factors may fire through
// several. For each certification the rules are taken strongest first (among
// equals the one that fired through more factors, then by id); a rule counts
// through those of its families that no earlier rule has taken, and is silent
// when none is left. So the employer's cloud, said by three rules, counts once,
// and the result doesn't depend on the order of rules, factors or values.
//
// Conflicts are settled as the catalogue says: two rules that claim the same
// industry for different exams count zero for it; a rule about an industry
// alone gives way where the background or the prerequisites speak for other
// exams; and the wish for depth gives way to a missing base.
//
// # Exams that no longer exist
//
// The rules come from comparisons of exams of which two have been withdrawn. A
// rule is applied to the exam it names and then translated through the
// catalogue's remaps; directions.go holds the conditions of each direction. A
// rule about a cloud as a whole also counts half for that cloud's other exams,
// and in full for its entry exam where twelve answers or more put a pass of the
// exam it names below 20 % and no word tells of a technical base.
package recommend
