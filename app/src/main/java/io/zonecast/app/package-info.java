/** To be written. */
@NullMarked
package io.zonecast.app;

import org.jspecify.annotations.NullMarked;
