/** How long it takes to prove a pool right, and that what is planted is found and mended. */
@NullMarked
package io.zonecast.bench.verify;

import org.jspecify.annotations.NullMarked;
