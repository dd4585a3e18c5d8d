// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Calls that BlockHound takes for blocking though they never wait, or only once: the kernel's random numbers are a file
 * that is always ready, and a class is read from its jar when it is first used. BlockHound allows the latter to the
 * loaders of the JDK; a plugin's is another, and so are the texts of a library's messages. And locks of libraries that two
 * threads seldom want at a time, and that nobody holds while waiting for anything.
 */
public final class KnownToBeQuick implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
                .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "ensureBufferValid")
                .allowBlockingCallsInside("org.pf4j.PluginClassLoader", "loadClass")
                .allowBlockingCallsInside("java.util.ResourceBundle", "getBundleImpl")
                // Held while the threads of an executor are told to end, and counted
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "shutdownNow")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "tryTerminate")
                // Held while an error is put into a list: two fields of one query may fail on two threads
                .allowBlockingCallsInside("graphql.execution.ExecutionContext", "addError")
                .allowBlockingCallsInside("graphql.execution.ExecutionContext", "addErrors")
                // Held while a type is looked at that nobody has read from JSON yet, once for each type
                .allowBlockingCallsInside(
                        "tools.jackson.databind.deser.DeserializerCache", "_createAndCacheValueDeserializer")
                // Held while a buffer is cut out of a chunk, or its chunk given back. Netty allows its other allocator
                // the same
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free");
    }
}
