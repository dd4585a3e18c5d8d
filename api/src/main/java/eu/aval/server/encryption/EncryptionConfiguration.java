// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.KmsClient;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EncryptionSettings.class)
class EncryptionConfiguration {

    /** A key service is one more bean of this type, with an address scheme of its own. */
    @Bean
    KmsClient keyFile(EncryptionSettings settings) {
        return KeyFile.open(settings.keyFile(), settings.kek().startsWith(KeyFile.SCHEME));
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
