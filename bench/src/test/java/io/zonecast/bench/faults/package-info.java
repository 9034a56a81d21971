@NullMarked
package io.zonecast.bench.faults;

import org.jspecify.annotations.NullMarked;
