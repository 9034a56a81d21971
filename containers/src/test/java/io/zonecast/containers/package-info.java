@NullMarked
package io.zonecast.containers;

import org.jspecify.annotations.NullMarked;
