@NullMarked
package io.zonecast.bench.stage;

import org.jspecify.annotations.NullMarked;
