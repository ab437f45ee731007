package main

import (
	"encoding/json"
	"fmt"
)

type Address struct {
	Street string `json:"street"`
	Zip    string `json:"zip,omitempty"`
}

type Person struct {
	Name    string         `json:"name"`
	Age     int            `json:"age"`
	Emails  []string       `json:"emails"`
	Home    *Address       `json:"home,omitempty"`
	Extra   map[string]any `json:"extra,omitempty"`
	Skipped string         `json:"-"`
}

func main() {
	p := Person{Name: "Ann", Age: 30, Emails: []string{"a@b.c"}, Home: &Address{Street: "Main"}, Skipped: "no"}
	b, err := json.Marshal(p)
	fmt.Println(string(b), err)
	var q Person
	err = json.Unmarshal([]byte(`{"name":"Bob","age":41,"emails":["x","y"],"home":{"street":"S","zip":"9"},"extra":{"k":[1,true,null]}}`), &q)
	fmt.Println(q.Name, q.Age, q.Emails, q.Home.Street, q.Home.Zip, q.Extra["k"], err)
	b, _ = json.MarshalIndent(map[string]any{"b": 1, "a": []int{1, 2}}, "", "  ")
	fmt.Println(string(b))
	var v any
	json.Unmarshal([]byte(`{"x":[1,2,{"y":"z"}]}`), &v)
	fmt.Println(v.(map[string]any)["x"].([]any)[2])
	err = json.Unmarshal([]byte(`{"name":5}`), &q)
	fmt.Println(err != nil)
	err = json.Unmarshal([]byte(`{bad`), &q)
	fmt.Println(err)
	var list []struct {
		N int `json:"n"`
	}
	fmt.Println(json.Unmarshal([]byte(`[{"n":1},{"n":2}]`), &list), list)
}
