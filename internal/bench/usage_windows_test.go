package bench

import "time"

// cpuTime gives nothing here.
func cpuTime() time.Duration { return 0 }
