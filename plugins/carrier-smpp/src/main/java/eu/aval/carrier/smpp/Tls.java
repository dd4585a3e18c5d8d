// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.SmppConfiguration.TlsFiles;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The client's side of TLS. Host names are always verified. Reads files, so it blocks. */
final class Tls {

    /** A file is missing or is not what it should be. The message names the setting, not its content. */
    static final class Unusable extends Exception {
        private Unusable(String setting, @Nullable Throwable cause) {
            super("setting " + setting + " names a file that cannot be used", cause);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    private Tls() {}

    static SslContext context(TlsFiles files) throws Unusable {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).endpointIdentificationAlgorithm("HTTPS");
        if (files.trust() != null) {
            try {
                builder.trustManager(
                        readable(files.trust(), SmppSettings.TLS_TRUST).toFile());
            } catch (IllegalArgumentException e) {
                throw new Unusable(SmppSettings.TLS_TRUST, e);
            }
        }
        if (files.certificate() != null && files.key() != null) {
            try {
                builder.keyManager(
                        readable(files.certificate(), SmppSettings.TLS_CERTIFICATE)
                                .toFile(),
                        readable(files.key(), SmppSettings.TLS_KEY).toFile());
            } catch (IllegalArgumentException e) {
                throw new Unusable(SmppSettings.TLS_CERTIFICATE, e);
            }
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new Unusable(SmppSettings.TLS, e);
        }
    }

    private static Path readable(Path path, String setting) throws Unusable {
        if (!Files.isReadable(path)) {
            throw new Unusable(setting, null);
        }
        return path;
    }
}
