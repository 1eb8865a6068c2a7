package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the release build.
var version = ""

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(std streams) error {
	v := version
	if v == "" {
		v = "development"
		if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
			v = info.Main.Version
		}
	}
	_, err := fmt.Fprintf(std.out, "sextant %s (%s, %s/%s)\n", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
