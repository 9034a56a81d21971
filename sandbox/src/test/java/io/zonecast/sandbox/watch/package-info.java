@NullMarked
package io.zonecast.sandbox.watch;

import org.jspecify.annotations.NullMarked;
