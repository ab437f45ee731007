package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.Date(2024, time.February, 29, 13, 4, 5, 6000000, time.UTC)
	fmt.Println(t.Format(time.RFC3339), t.Format("Mon Jan 2 15:04:05 2006"), t.Weekday(), t.YearDay())
	fmt.Println(t.Add(36*time.Hour).Format(time.DateOnly), t.AddDate(1, 0, 0).Format(time.DateTime))
	u, err := time.Parse("2006-01-02", "2024-03-10")
	fmt.Println(u, err, u.Sub(t).Hours(), u.After(t), t.Before(u))
	d, _ := time.ParseDuration("1h15m30.5s")
	fmt.Println(d, d.Minutes(), d.Round(time.Minute), time.Duration(1500)*time.Millisecond)
	_, err = time.Parse(time.RFC3339, "nonsense")
	fmt.Println(err)
	fmt.Println(t.Month() == time.February, time.Month(5), t.Unix(), t.Truncate(time.Hour).Format(time.Kitchen))
	var zero time.Time
	fmt.Println(zero.IsZero(), t.Equal(t.In(time.FixedZone("X", 3600))))
	days := map[time.Weekday]int{time.Monday: 1}
	days[time.Monday]++
	fmt.Println(days)
}
