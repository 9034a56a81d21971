/** From a file to the topic: ours, and a bare producer of the same bytes. */
@NullMarked
package io.zonecast.bench.publish;

import org.jspecify.annotations.NullMarked;
