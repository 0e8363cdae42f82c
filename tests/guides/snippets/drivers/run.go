// Runs Go snippets: each package's readSecret, told as one line.
package main

import (
	"encoding/base64"
	"fmt"
)

func main() {
	for name, read := range cells {
		how := "ok"
		text, err := read()
		if err != nil {
			how, text = "error", err.Error()
		}
		fmt.Println(name, how, base64.StdEncoding.EncodeToString([]byte(text)))
	}
}
