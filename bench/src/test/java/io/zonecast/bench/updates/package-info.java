@NullMarked
package io.zonecast.bench.updates;

import org.jspecify.annotations.NullMarked;
