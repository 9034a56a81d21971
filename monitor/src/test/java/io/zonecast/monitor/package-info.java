@NullMarked
package io.zonecast.monitor;

import org.jspecify.annotations.NullMarked;
