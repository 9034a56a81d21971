@NullMarked
package io.zonecast.bench.measure;

import org.jspecify.annotations.NullMarked;
