/** To be written. */
@NullMarked
package io.zonecast.sink;

import org.jspecify.annotations.NullMarked;
