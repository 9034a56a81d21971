@NullMarked
package io.zonecast.bench.table;

import org.jspecify.annotations.NullMarked;
