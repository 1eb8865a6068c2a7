package markup

import (
	"strings"

	"golang.org/x/net/html"
)

// delimit puts TeX between the delimiters of a formula, in the line or by itself.
func delimit(tex string, display bool) string {
	tex = strings.TrimSpace(collapse(tex))
	for _, pair := range [][2]string{{`\(`, `\)`}, {`\[`, `\]`}, {"$$", "$$"}, {"$", "$"}} {
		if inner, ok := strings.CutPrefix(tex, pair[0]); ok && strings.HasSuffix(inner, pair[1]) && len(inner) >= len(pair[1]) {
			tex = strings.TrimSpace(strings.TrimSuffix(inner, pair[1]))
			break
		}
	}
	tex = strings.ReplaceAll(tex, "\n", " ")
	tex = strings.NewReplacer(`\)`, ")", `\]`, "]").Replace(tex)
	if display {
		return `\[` + tex + `\]`
	}
	return `\(` + tex + `\)`
}

// mathML is the TeX of a MathML element: the annotation that says it, else what
// its presentation comes to.
func mathML(n *html.Node) string {
	display := attribute(n, "display") == "block" || attribute(n, "mode") == "display"
	if tex := annotation(n); tex != "" {
		return delimit(tex, display)
	}
	return delimit(present(n), display)
}

func annotation(n *html.Node) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if c.Data == "annotation" && strings.Contains(strings.ToLower(attribute(c, "encoding")), "tex") {
			return verbatimText(c)
		}
		if found := annotation(c); found != "" {
			return found
		}
	}
	return ""
}

// operators are the characters that TeX writes as commands.
var operators = strings.NewReplacer(
	"×", `\times `, "·", `\cdot `, "⋅", `\cdot `, "÷", `\div `, "±", `\pm `, "≤", `\le `, "≥", `\ge `, "≠", `\ne `, "≈", `\approx `,
	"∑", `\sum `, "∏", `\prod `, "∫", `\int `, "√", `\surd `, "∞", `\infty `, "∈", `\in `, "∉", `\notin `, "⊂", `\subset `, "∪", `\cup `,
	"∩", `\cap `, "→", `\to `, "⇒", `\Rightarrow `, "∂", `\partial `, "∇", `\nabla `, "−", "-", "α", `\alpha `, "β", `\beta `, "γ", `\gamma `,
	"δ", `\delta `, "ε", `\epsilon `, "θ", `\theta `, "λ", `\lambda `, "μ", `\mu `, "π", `\pi `, "ρ", `\rho `, "σ", `\sigma `, "τ", `\tau `,
	"φ", `\phi `, "ω", `\omega `, "Δ", `\Delta `, "Σ", `\Sigma `, "Ω", `\Omega `, "{", `\{`, "}", `\}`, "%", `\%`, "#", `\#`, "&", `\&`, "_", `\_`,
	"\u2061", "", "\u2062", "", "\u2063", "", "\u2064", "",
)

// present writes presentation MathML as TeX.
func present(n *html.Node) string {
	if n.Type == html.TextNode {
		return operators.Replace(strings.TrimSpace(n.Data))
	}
	if n.Type != html.ElementNode {
		return ""
	}
	var kids []string
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			kids = append(kids, present(c))
		}
	}
	arg := func(i int) string {
		if i < len(kids) {
			return kids[i]
		}
		return ""
	}
	switch n.Data {
	case "annotation", "annotation-xml":
		return ""
	case "mfrac":
		return `\frac{` + arg(0) + `}{` + arg(1) + `}`
	case "msqrt":
		return `\sqrt{` + strings.Join(kids, "") + `}`
	case "mroot":
		return `\sqrt[` + arg(1) + `]{` + arg(0) + `}`
	case "msup", "mover":
		return group(arg(0)) + "^{" + arg(1) + "}"
	case "msub", "munder":
		return group(arg(0)) + "_{" + arg(1) + "}"
	case "msubsup", "munderover":
		return group(arg(0)) + "_{" + arg(1) + "}^{" + arg(2) + "}"
	case "mtext":
		return `\text{` + strings.Join(kids, " ") + `}`
	case "mspace":
		return " "
	case "mfenced":
		return fencedMath(n, kids)
	case "mtr":
		return strings.Join(kids, " & ")
	case "mtable":
		return `\begin{matrix}` + strings.Join(kids, ` \\ `) + `\end{matrix}`
	}
	return strings.Join(kids, "")
}

func fencedMath(n *html.Node, kids []string) string {
	opening, closing := "(", ")"
	if v := attribute(n, "open"); v != "" {
		opening = operators.Replace(v)
	}
	if v := attribute(n, "close"); v != "" {
		closing = operators.Replace(v)
	}
	return `\left` + opening + strings.Join(kids, ",") + `\right` + closing
}

// group encloses what is more than one symbol.
func group(s string) string {
	if len([]rune(s)) <= 1 || strings.HasPrefix(s, `\`) && !strings.ContainsAny(strings.TrimSpace(s[1:]), " {}^_\\+-=,()") {
		return strings.TrimSpace(s)
	}
	return "{" + s + "}"
}
