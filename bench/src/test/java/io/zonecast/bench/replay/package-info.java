@NullMarked
package io.zonecast.bench.replay;

import org.jspecify.annotations.NullMarked;
