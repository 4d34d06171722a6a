#!/usr/bin/env bash
# Most expect an object that a script of a ResourceInterpreterCustomization hands back unchanged to be the object that it was given.
# Seen: gopher-lua and gopher-json, in which Karmada's scripts run, make `{}` a list, drop keys that are null and nulls from lists,
# round whole numbers past 2^53, and refuse a list from which a script took an element out of the middle.
# Karmada mends the first where an object that it had shows a map, and drops `emptyDir: {}` if a script adds it (lua_convert.go).
# Here no script is used: what Meridian hands on goes through none.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
	json "layeh.com/gopher-json"
)

func main() {
	state := lua.NewState()
	for _, text := range []string{`{"emptyDir":{}}`, `{"replicas":null,"paused":false}`, `{"args":["a",null,"b"]}`, `{"id":9007199254740993}`} {
		value, _ := json.Decode(state, []byte(text))
		back, err := json.Encode(value)
		fmt.Println(text, string(back), err)
	}
	for _, script := range []string{`return {emptyDir = {}}`, `list = {"a", "b", "c"}; list[2] = nil; return list`, `list = {"a", "b", "c"}; table.remove(list, 2); return list`} {
		state.DoString(script)
		back, err := json.Encode(state.Get(-1))
		fmt.Println(script, string(back), err)
	}
}
GO
export GOFLAGS=-mod=mod
go mod init example.com/scripts >/dev/null 2>&1
go get github.com/yuin/gopher-lua@v1.1.1 layeh.com/gopher-json@v0.0.0-20201124131017-552bb3c4c3bf >/dev/null 2>&1
go run . 2>/dev/null | tee seen
cat > expected <<'TEXT'
{"emptyDir":{}} {"emptyDir":[]} <nil>
{"replicas":null,"paused":false} {"paused":false} <nil>
{"args":["a",null,"b"]} {"args":["a","b"]} <nil>
{"id":9007199254740993} {"id":9007199254740992} <nil>
return {emptyDir = {}} {"emptyDir":[]} <nil>
list = {"a", "b", "c"}; list[2] = nil; return list  json: error calling MarshalJSON for type json.jsonValue: cannot encode sparse array
list = {"a", "b", "c"}; table.remove(list, 2); return list ["a","c"] <nil>
TEXT
diff expected seen && echo 'as recorded (gopher-lua 1.1.1 and gopher-json of 2020-11-24, which Karmada requires)'
