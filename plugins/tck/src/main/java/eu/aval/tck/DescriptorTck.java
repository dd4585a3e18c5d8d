// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eu.aval.spi.Capability;
import eu.aval.spi.CarrierProvider;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.config.ConfigurationProperty;
import eu.aval.spi.config.Secret;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What a provider says of itself, and what it does with settings. Rules R001 to R009. */
public interface DescriptorTck extends CarrierTckSetup {

    @Test
    default void required_R001_isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(CarrierProvider.class))
                .as("META-INF/services/" + CarrierProvider.class.getName())
                .extracting(Object::getClass)
                .contains(provider().getClass());
    }

    @Test
    default void required_R002_descriptorIsConstant() {
        assertThat(provider().descriptor()).isEqualTo(provider().descriptor());
    }

    @Test
    default void required_R003_settingsAreWellDescribed() {
        List<ConfigurationProperty> settings = provider().descriptor().configuration();

        assertThat(settings).extracting(ConfigurationProperty::name).doesNotHaveDuplicates();
        for (ConfigurationProperty setting : settings) {
            assertThat(setting.name()).as("name of a setting").matches("[a-z][a-z0-9]*([.-][a-z0-9]+)*");
            assertThat(setting.help()).as("help of %s", setting.name()).isNotBlank();
            assertThat(setting.required() && setting.defaultValue() != null)
                    .as("%s is required and has a default", setting.name())
                    .isFalse();
            assertThat(setting.allowed().isEmpty())
                    .as("%s lists its choices if and only if it is a choice", setting.name())
                    .isEqualTo(setting.type() != ConfigurationProperty.Type.CHOICE);
        }
    }

    @Test
    default void required_R004_defaultsAreOfTheirType() {
        for (ConfigurationProperty setting : provider().descriptor().configuration()) {
            String value = setting.defaultValue();
            if (value != null) {
                assertThatCode(() -> {
                            switch (setting.type()) {
                                case STRING -> {}
                                case INTEGER -> Integer.parseInt(value);
                                case DECIMAL -> new BigDecimal(value);
                                case BOOLEAN -> assertThat(value).isIn("true", "false");
                                case DURATION -> Duration.parse(value);
                                case CHOICE -> assertThat(setting.allowed()).contains(value);
                                case SECRET -> throw new IllegalStateException("a secret has no default");
                            }
                        })
                        .as("default of %s", setting.name())
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    default void required_R005_declaresWhatItDoes() {
        for (CarrierBehavior behavior : CarrierBehavior.values()) {
            Capability capability = behavior.capability();
            if (capability != null) {
                assertThat(provider().descriptor().capabilities().contains(capability))
                        .as("the descriptor declares %s", capability)
                        .isEqualTo(has(behavior));
            }
        }
    }

    @Test
    default void required_R006_namesAMissingSetting(CarrierTrial trial) {
        List<ConfigurationProperty> required = trial.descriptor().configuration().stream()
                .filter(ConfigurationProperty::required)
                .toList();
        assumeTrue(!required.isEmpty(), "No setting is required");

        for (ConfigurationProperty setting : required) {
            refuses(trial, trial.configurationWith(setting.name(), null), setting.name());
        }
    }

    @Test
    default void required_R007_namesASettingThatCannotWork(CarrierTrial trial) {
        Map<String, String> impossible = trial.fixture().impossibleSettings();
        assumeTrue(!impossible.isEmpty(), "impossibleSettings() lists none");

        impossible.forEach((name, value) -> refuses(trial, trial.configurationWith(name, value), name));
    }

    @Test
    default void required_R008_doesNothingBeforeItIsOpened(CarrierTrial trial) {
        CarrierConfiguration configuration = trial.fixture().configuration();
        ThreadWatch threads = ThreadWatch.start();

        assertThat(trial.provider().open(configuration, trial.context())).isNotNull();

        assertThat(threads.added()).as("threads of an account nobody opened").isEmpty();
        assertThat(trial.context().gauges()).isEmpty();
    }

    @Test
    default void required_R009_keepsNoState(CarrierTrial trial) {
        CarrierProvider first = trial.provider();

        assertThat(first.getClass().getDeclaredFields())
                .as("a provider is stateless: static fields are final")
                .allSatisfy(field -> assertThat(
                                Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers()))
                        .isFalse());
    }

    private static void refuses(CarrierTrial trial, CarrierConfiguration configuration, String name) {
        StepVerifier.create(Mono.defer(() -> trial.provider().open(configuration, trial.context()))
                        .subscribeOn(trial.host()))
                .expectErrorSatisfies(error -> {
                    assertThat(error)
                            .as("settings without a working %s", name)
                            .isInstanceOf(IllegalArgumentException.class);
                    assertThat(error).hasMessageContaining(name);
                    for (ConfigurationProperty setting : trial.descriptor().configuration()) {
                        configuration
                                .findSecret(setting.name())
                                .map(Secret::reveal)
                                .ifPresent(secret -> assertThat(error).hasMessageNotContaining(secret));
                    }
                })
                .verify(CarrierTrial.PATIENCE);
    }
}
