package main

import (
	"encoding/json"
	"fmt"
)

type Level int

func (l Level) MarshalJSON() ([]byte, error) { return json.Marshal(fmt.Sprintf("L%d", int(l))) }
func (l *Level) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	_, err := fmt.Sscanf(s, "L%d", (*int)(l))
	return err
}

type Item struct {
	Lvl Level `json:"lvl"`
}

func main() {
	b, err := json.Marshal(Level(3))
	fmt.Println(string(b), err)
	b, err = json.Marshal(Item{4})
	fmt.Println(string(b), err)
	var it Item
	err = json.Unmarshal([]byte(`{"lvl":"L9"}`), &it)
	fmt.Println(int(it.Lvl), err)
}
