@NullMarked
package io.zonecast.sandbox;

import org.jspecify.annotations.NullMarked;
