/** Time and threads, which every other package of the sink is given. */
@NullMarked
package io.zonecast.sink.timing;

import org.jspecify.annotations.NullMarked;
