// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Calls that BlockHound takes for blocking though they never wait, or once only: the kernel's random numbers are a file that is
 * always ready; a plugin's classes are read at their first use, as the server's own, which BlockHound knows.
 */
public final class KnownToBeQuick implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
                .allowBlockingCallsInside("org.pf4j.PluginClassLoader", "loadClass")
                .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "ensureBufferValid");
    }
}
