package recommend
import ("sextant/internal/exam";"testing";"sextant/internal/catalogue";"sextant/questions")
func BenchmarkR(b *testing.B){ c,_:=catalogue.Load(questions.Catalogue()); in:=Situation{Language:"en",Factors:F{"current_employer_cloud": {"aws"}, "target_role": {"ml_engineer"}, "background": {"data_science_statistics"},"goal":{"ml_specialisation"}}}
 r:=rep(c,24,func(v exam.Platform, l catalogue.Level) float64{return .4})
 for b.Loop(){ Recommend(c,in,r,day(2026,11,22)) } }
