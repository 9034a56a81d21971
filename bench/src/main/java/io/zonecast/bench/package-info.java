/** To be written. */
@NullMarked
package io.zonecast.bench;

import org.jspecify.annotations.NullMarked;
