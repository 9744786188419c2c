// Records what Go says of templates: cases on standard input, cases with answers on standard output.
// go run main.go <../data/cases.json >new.json
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/template"
)

type kase struct {
	T string  `json:"t"`
	M string  `json:"m,omitempty"`
	O string  `json:"o,omitempty"`
	E *string `json:"e,omitempty"`
}
type file struct {
	Data  any    `json:"data"`
	Cases []kase `json:"cases"`
}

func run(c *kase, raw []byte) {
	var data any
	json.Unmarshal(raw, &data)
	m := c.M
	if m == "" {
		m = "zero"
	}
	t := template.New("t").Option("missingkey=" + m)
	depth := 0
	cur := t
	fm := template.FuncMap{
		"any":   func(x any) any { return x },
		"boom":  func() (string, error) { return "", errors.New("boom") },
		"float": func(f float64) float64 { return f },
		"int":   func(i int) int { return i },
		"list":  func(a ...any) []any { return a },
		"dict": func(a ...any) map[string]any {
			m := map[string]any{}
			for i := 0; i < len(a); i += 2 {
				k, _ := a[i].(string)
				if i+1 < len(a) {
					m[k] = a[i+1]
				} else {
					m[k] = nil
				}
			}
			return m
		},
		"map":   func(m map[string]any) int { return len(m) },
		"str":   func(s string) string { return s },
		"truth": func(b bool) bool { return b },
		"include": func(n string, d any) (string, error) {
			depth++
			if depth > 500 {
				return "", errors.New("deep")
			}
			defer func() { depth-- }()
			var b strings.Builder
			err := cur.ExecuteTemplate(&b, n, d)
			if err != nil {
				return "", err
			}
			return b.String(), nil
		},
		"tpl": func(s string, d any) (string, error) {
			old := cur
			defer func() { cur = old }()
			cl, err := cur.Clone()
			if err != nil {
				return "", err
			}
			cl, err = cl.New("t").Parse(s)
			if err != nil {
				return "", err
			}
			cur = cl
			var b strings.Builder
			if err := cl.Execute(&b, d); err != nil {
				return "", err
			}
			return b.String(), nil
		},
	}
	t.Funcs(fm)
	_, err := t.Parse(c.T)
	var b strings.Builder
	if err == nil {
		err = t.Execute(&b, data)
	}
	if err != nil {
		s := err.Error()
		c.E = &s
		return
	}
	c.O = b.String()
}

func main() {
	in, _ := io.ReadAll(os.Stdin)
	var f struct {
		Data  json.RawMessage `json:"data"`
		Cases []kase          `json:"cases"`
	}
	if err := json.Unmarshal(in, &f); err != nil {
		panic(err)
	}
	for i := range f.Cases {
		f.Cases[i].E = nil
		f.Cases[i].O = ""
		run(&f.Cases[i], f.Data)
	}
	fmt.Print("{\"data\":", string(f.Data), ",\n\"cases\":[\n")
	for i, c := range f.Cases {
		if i > 0 {
			fmt.Print(",\n")
		}
		e, _ := json.Marshal(c)
		os.Stdout.Write(e)
	}
	fmt.Print("\n]}\n")
}
