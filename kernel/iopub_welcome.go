package kernel

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
)

func welcome(subscription []byte) (json.RawMessage, error) {
	if !utf8.Valid(subscription) {
		return nil, errors.New("the subscription is not UTF-8")
	}
	return marshal(map[string]string{"subscription": string(subscription)})
}
