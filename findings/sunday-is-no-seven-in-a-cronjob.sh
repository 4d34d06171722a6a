#!/usr/bin/env bash
# Most expect the schedule of a CronJob to be read as crontab and the libraries for JavaScript and Python read it.
# Seen: the reader in Kubernetes refuses Sunday as 7, which the others take; and `*/1` as day of the month is a star to it, so that
# `0 0 */1 * 1` means Mondays, and a list to the others, which by cron's rule of two day fields makes it every day.
# Here the lab's API servers read schedules as Kubernetes does: a CronJob that passes there passes in a cluster.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . cron-parser@5.10.6 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check croniter==7.0.0
export GOFLAGS=-mod=mod
printf '%s\n' '0 0 * * 7' '0 0 * * 5-7' '0 0 */1 * 1' '0 0 */2 * 1' > schedules
cat > main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"
	"time"

	"github.com/robfig/cron/v3"
)

func main() {
	file, _ := os.Open("schedules")
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fmt.Printf("Kubernetes %s:", lines.Text())
		schedule, err := cron.ParseStandard(lines.Text())
		if err != nil {
			fmt.Println("", err)
			continue
		}
		at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
		for range 3 {
			at = schedule.Next(at)
			fmt.Print(at.Format(" Mon-02"))
		}
		fmt.Println()
	}
}
GO
go mod init example.com/schedules >/dev/null 2>&1
go get github.com/robfig/cron/v3@v3.0.1 >/dev/null 2>&1
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { CronExpressionParser } from 'cron-parser'
for (const schedule of readFileSync('schedules', 'utf8').trim().split('\n')) {
  const days = CronExpressionParser.parse(schedule, { currentDate: '2026-03-02T12:00:00Z', tz: 'UTC' }).take(3)
  const shown = days.map(day => day.toDate().toUTCString().replace(/(...), (..).*/, '$1-$2'))
  console.log(`cron-parser ${schedule}: ${shown.join(' ')}`)
}
JS
cat > read.py <<'PY'
from datetime import datetime
from croniter import croniter
for schedule in open('schedules').read().split('\n')[:-1]:
    days = croniter(schedule, datetime(2026, 3, 2, 12))
    print(f'croniter {schedule}:', *(days.get_next(datetime).strftime('%a-%d') for _ in range(3)))
PY
{ go run .; node read.mjs; LC_ALL=C venv/bin/python read.py; } | tee seen
cat > expected <<'TEXT'
Kubernetes 0 0 * * 7: end of range (7) above maximum (6): 7
Kubernetes 0 0 * * 5-7: end of range (7) above maximum (6): 5-7
Kubernetes 0 0 */1 * 1: Mon-09 Mon-16 Mon-23
Kubernetes 0 0 */2 * 1: Tue-03 Thu-05 Sat-07
cron-parser 0 0 * * 7: Sun-08 Sun-15 Sun-22
cron-parser 0 0 * * 5-7: Fri-06 Sat-07 Sun-08
cron-parser 0 0 */1 * 1: Tue-03 Wed-04 Thu-05
cron-parser 0 0 */2 * 1: Tue-03 Thu-05 Sat-07
croniter 0 0 * * 7: Sun-08 Sun-15 Sun-22
croniter 0 0 * * 5-7: Fri-06 Sat-07 Sun-08
croniter 0 0 */1 * 1: Tue-03 Wed-04 Thu-05
croniter 0 0 */2 * 1: Tue-03 Thu-05 Sat-07
TEXT
diff expected seen && echo 'as recorded (robfig/cron 3.0.1, as in Kubernetes 1.35, cron-parser 5.10.6, croniter 7.0.0)'
