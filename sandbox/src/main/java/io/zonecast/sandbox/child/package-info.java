/** What runs in the broker's own JVM. Its imports are not on the class path of this JVM. */
@NullMarked
package io.zonecast.sandbox.child;

import org.jspecify.annotations.NullMarked;
