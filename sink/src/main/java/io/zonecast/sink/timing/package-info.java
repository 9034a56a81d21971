/** Time and threads for every other package of the sink. */
@NullMarked
package io.zonecast.sink.timing;

import org.jspecify.annotations.NullMarked;
