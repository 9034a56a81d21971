@NullMarked
package io.zonecast.bench.stream;

import org.jspecify.annotations.NullMarked;
