// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Calls that BlockHound takes for blocking though they never wait, or only once: the kernel's random numbers are a file
 * that is always ready, and a class is read from its jar when it is first used. BlockHound allows the latter to the
 * loaders of the JDK; a plugin's is another, and so are the texts of a library's messages.
 */
public final class KnownToBeQuick implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
                .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "ensureBufferValid")
                .allowBlockingCallsInside("org.pf4j.PluginClassLoader", "loadClass")
                .allowBlockingCallsInside("java.util.ResourceBundle", "getBundleImpl");
    }
}
