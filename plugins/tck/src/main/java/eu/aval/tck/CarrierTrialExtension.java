// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Makes a {@link CarrierTrial} for each test, and ends and judges it afterwards. */
final class CarrierTrialExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(CarrierTrialExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        BlockingCalls.detect();
        BlockingCalls.forget();
        CarrierTckSetup setup = (CarrierTckSetup) context.getRequiredTestInstance();
        context.getStore(NAMESPACE).put(CarrierTrial.class, new CarrierTrial(setup));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        CarrierTrial trial = trial(context);
        trial.end();
        if (context.getExecutionException().isEmpty()) {
            trial.judge();
        } else {
            // On the console only when something is wrong
            trial.log().lines().forEach(System.out::println);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == CarrierTrial.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return trial(context);
    }

    private static CarrierTrial trial(ExtensionContext context) {
        CarrierTrial trial = context.getStore(NAMESPACE).get(CarrierTrial.class, CarrierTrial.class);
        if (trial == null) {
            throw new IllegalStateException("No trial is under way");
        }
        return trial;
    }
}
