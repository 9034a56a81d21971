/** From a record's value to the fields of its row: ours beside Avro's own readers. */
@NullMarked
package io.zonecast.bench.decode;

import org.jspecify.annotations.NullMarked;
