package simulate
import ("testing";"fmt";"sextant/internal/exam")
func TestDbg(t *testing.T){
	m := builtIn(t)
	for _, code := range []exam.Code{"PMLE","MLA-C02"} {
	o := Options{Exams:[]exam.Code{code},Items:24,Whole:true,Learners:1280,Seed:1,Selector:Adaptive,Truth:ModelTruth()}
	ex,_ := chosen(m,o); w := newWorld(m,ex)
	b,_ := m.ExposureBounds(o.plan())
	served := map[exam.QuestionID]int{}
	last := map[exam.QuestionID]int{}
	for f:=0;f<1280;f+=64 { s:=make([]sitting,64); w.playAll(o,f,s,served); for i := range s { for _, a := range s[i].asked { served[w.items[a].ID]++; if f>=640 {last[w.items[a].ID]++} } } }
	e := w.exams[0]
	for d := range e.scale.Domains { tot:=0; for _,i := range e.scale.Domains[d].Items { tot+=last[w.items[i].ID]}; fmt.Printf("domain %d share %.2f due %.2f got %.2f\n", d, e.scale.Form.Weights[d], 24*e.scale.Form.Weights[d], float64(tot)/640)
		for _, i := range e.scale.Domains[d].Items { fmt.Printf("   %.3f all %.3f bound %.3f c %.3f b %.1f %s %v\n", float64(last[w.items[i].ID])/640,float64(served[w.items[i].ID])/1280, b[i], w.items[i].Curve.C, w.items[i].Curve.B, w.items[i].ID, w.places[w.items[i].Cell].Skill) } }
	}
}
