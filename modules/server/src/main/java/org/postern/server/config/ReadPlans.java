package org.postern.server.config;

import java.util.Map;
import org.postern.accounts.Plans;
import org.postern.model.PlanName;

/**
 * The plans of a file.
 *
 * @param written every key of each plan with its value as a file has it, inherited and default ones too
 */
public record ReadPlans(Plans plans, Map<PlanName, Map<String, String>> written) {}
