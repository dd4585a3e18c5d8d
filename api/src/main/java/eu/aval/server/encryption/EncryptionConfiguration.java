// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.KmsClient;
import eu.aval.server.shared.AtStart;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EncryptionSettings.class)
class EncryptionConfiguration {

    /** A key service is one more bean of this type, with an address scheme of its own. */
    @Bean
    KmsClient keyFile(EncryptionSettings settings, KeysetStore store) {
        List<String> inUse =
                Objects.requireNonNull(AtStart.await("the addresses of the keys that wrap others", store.addresses()));
        // Where there are keysets a new file would open none of them
        boolean first = inUse.stream().noneMatch(address -> address.startsWith(KeyFile.SCHEME));
        KeyFile file = KeyFile.open(settings.keyFile(), first && settings.kek().startsWith(KeyFile.SCHEME));
        file.require(inUse);
        return file;
    }

    @Bean
    KeyEncryption keyEncryption(List<KmsClient> clients, EncryptionSettings settings) {
        return new KeyEncryption(clients, settings.kek(), Schedulers.boundedElastic());
    }

    @Bean
    CachedKeys keys(KeysetStore store, KeyEncryption encryption) {
        return new CachedKeys(store, encryption, Schedulers.boundedElastic());
    }

    @Bean
    KeyChanges keyChanges(KeysetStore store, KeyEncryption encryption, CachedKeys keys) {
        return new KeyChanges(store, encryption, keys, Schedulers.boundedElastic());
    }
}
