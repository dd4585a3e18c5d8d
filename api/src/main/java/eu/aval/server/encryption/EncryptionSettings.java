// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param kek address of the key-encryption key that wraps keysets from now on; {@code aval-file:} is the newest of the
 *     key file. Keysets under an earlier address stay readable while a client for it is there.
 * @param keyFile used by {@code aval-file:} addresses
 */
@ConfigurationProperties("aval.encryption")
record EncryptionSettings(
        @DefaultValue(KeyFile.SCHEME) String kek,
        @DefaultValue("${aval.data:data}/kek.json") Path keyFile) {}
