package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
)

type api struct{ hits int }

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.hits++
	w.Header().Set("X-Test", "yes")
	if r.URL.Path == "/missing" {
		http.NotFound(w, r)
		return
	}
	fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, r.URL.Query().Get("q"))
}

func main() {
	r := csv.NewReader(strings.NewReader("a,b\n1,\"x,y\"\n"))
	rows, err := r.ReadAll()
	fmt.Println(rows, err)
	w := csv.NewWriter(os.Stdout)
	w.Write([]string{"q,r", "s"})
	w.Flush()
	a := &api{}
	srv := httptest.NewServer(a)
	defer srv.Close()
	for _, p := range []string{"/x?q=1", "/missing"} {
		resp, err := http.Get(srv.URL + p)
		if err != nil {
			fmt.Println(err)
			return
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Println(resp.StatusCode, strings.TrimSpace(string(b)), resp.Header.Get("X-Test"))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hi/{name}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hi ", r.PathValue("name")) })
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest("GET", "/hi/bob", nil))
	fmt.Println(rec.Body.String(), a.hits)
	u, _ := url.Parse("http://h:80/p?a=1&b=2")
	fmt.Println(u.Host, u.Port(), u.Query()["b"], url.QueryEscape("a b&c"))
}
