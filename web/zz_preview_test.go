package web

import ("os";"strings";"testing")

func TestPreview(t *testing.T) {
	d := os.Getenv("PREVIEW"); if d == "" { t.Skip() }
	for a, f := range assets { p := d+a; os.MkdirAll(p[:strings.LastIndex(p,"/")],0o755); os.WriteFile(p, f.body, 0o644) }
	for _, th := range []string{"light","dark"} { previewTheme = th
	for n, c := range everyPage() { os.WriteFile(d+"/"+th+"-"+strings.ReplaceAll(n," ","-")+".html", []byte(render(t,c)), 0o644) } }
	previewTheme=""
}
