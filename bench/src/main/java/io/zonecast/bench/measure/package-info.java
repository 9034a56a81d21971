/** Contestants taken in turns, their medians, and the table and the JSON that say so. */
@NullMarked
package io.zonecast.bench.measure;

import org.jspecify.annotations.NullMarked;
