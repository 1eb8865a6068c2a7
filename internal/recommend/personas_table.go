package recommend

import "sextant/internal/exam"

// The answers that the table uses often.
const (
	aws    = "aws"
	azure  = "azure_microsoft"
	google = "google_cloud"
)

// codes abbreviates a list of exams.
func codes(list ...exam.Code) []exam.Code { return list }

// Personas is the table. Its expectations were written from the comparisons'
// rules, the exams' published levels and audiences and common sense.
func Personas() []Persona {
	var all []Persona
	for _, part := range [][]Persona{
		ruledPersonas(), extendedPersonas(), torn(), beginners(), business(), holders(), speakers(), shown(), experts(), readers(), movedClocks(),
	} {
		all = append(all, part...)
	}
	return all
}

// ruledPersonas fire each "choose X if" of the comparisons.
func ruledPersonas() []Persona {
	entry := codes("AIF-C01", "AI-901", "GAIL")
	return []Persona{
		{Name: "Employer on AWS", Situation: answered(currentCloud, aws), First: codes("MLA-C02"), Never: codes("MLS-C01", "AI-103", "PMLE"), Why: "R1-AWS-01, R0-AWS-04: the employer's cloud; MLA-C02 is the default since MLS-C01."},
		{Name: "Target employer on AWS", Situation: answered(targetCloud, aws), First: codes("MLA-C02"), Never: codes("AI-103", "PMLE"), Why: "R1-AWS-01."},
		{Name: "Data engineer to be, on AWS", Situation: answered(currentCloud, aws, role, "data_engineer"), First: codes("DEA-C01"), Never: codes("MLA-C02"), Why: "R1-AWS-02 with its pointer to the data exam."},
		{Name: "MLOps on AWS", Situation: answered(currentCloud, aws, role, "mlops_engineer"), First: codes("MLA-C02"), Never: codes("DEA-C01", "AI-300"), Why: "R1-AWS-02 on the employer's cloud."},
		{Name: "Retail, nothing else", Situation: answered(industry, "retail"), First: codes("MLA-C02"), Never: codes("AI-103", "PMLE"), Why: "R1-AWS-03: the only thing said speaks for AWS, beta or not."},
		{Name: "Logistics, nothing else", Situation: answered(industry, "logistics"), First: codes("MLA-C02"), Why: "R1-AWS-03."},
		{Name: "Research infrastructure", Situation: answered(goal, "research_grade_infrastructure"), First: codes("PMLE"), Why: "R1-GCP-01."},
		{Name: "AI-first company", Situation: answered(industry, "ai_first_company"), First: codes("PMLE"), Why: "R1-GCP-02."},
		{Name: "Large technology company", Situation: answered(industry, "large_technology_company"), First: codes("PMLE"), Why: "R1-GCP-02."},
		{Name: "Kubernetes for machine learning", Situation: answered(stack, "kubernetes_gke"), First: codes("PMLE"), Why: "R1-GCP-03."},
		{Name: "Vertex AI in daily use", Situation: answered(stack, "vertex_or_agent_platform"), First: codes("PMLE"), Why: "R1-GCP-04 and the tools in use."},
		{Name: "Microsoft 365 shop", Situation: answered(stack, "microsoft_365_entra_teams"), First: codes("AI-103"), Never: codes("AI-102"), Why: "R1-AZ-01, R0-AZ-05, through AI-102's successor."},
		{Name: "Healthcare, nothing else", Situation: answered(industry, "healthcare"), First: codes("AI-103"), Why: "R1-AZ-02."},
		{Name: "Government, nothing else", Situation: answered(industry, "government"), First: codes("AI-103"), Why: "R1-AZ-02."},
		{Name: "Applied AI engineer", Situation: answered(role, "ai_engineer", depth, "applied_services"), First: codes("AI-103"), Never: entry, Why: "R1-AZ-03: applied roles on ready-made services."},
		{Name: "Little ML background, on Azure", Situation: answered(currentCloud, azure, background, "non_ml"), First: codes("AI-901"), Why: "R1-AZ-04; the lowest bar is AI-901 today, AI-103 expects Python."},
		{Name: "Little technical experience, no cloud", Situation: answered(ready, "little_technical"), First: entry, Never: codes("AI-103", "MLA-C02", "PMLE"), Why: "R1-AZ-04: an entry exam, whichever cloud."},
		{Name: "Depth and own models", Situation: answered(depth, "deep_theory_and_custom_models"), First: codes("MLA-C02", "PMLE"), Never: entry, Why: "R0-AWS-01: the exams that go deepest today."},
		{Name: "Data scientist by background", Situation: answered(background, "data_science_statistics"), First: codes("MLA-C02", "PMLE"), Never: entry, Why: "R0-AWS-02."},
		{Name: "ML experiments", Situation: answered(background, "ml_experiments"), First: codes("MLA-C02", "PMLE"), Never: entry, Why: "R0-AWS-02."},
		{Name: "Custom pipelines", Situation: answered(background, "custom_pipelines_mlops", workStyle, "custom_pipeline_and_technical_depth"), First: codes("MLA-C02", "PMLE", "AI-300"), Never: entry, Why: "R0-AWS-03."},
		{Name: "SageMaker, Glue and Lambda every day", Situation: answered(stack, "sagemaker_s3_glue_athena_lambda"), First: codes("MLA-C02"), Why: "R0-AWS-05."},
		{Name: "ML engineer anywhere", Situation: answered(role, "ml_engineer"), First: codes("MLA-C02", "PMLE"), Never: codes("AI-103"), Why: "R0-AWS-06 and its mirror for Google."},
		{Name: "Applied scientist anywhere", Situation: answered(role, "applied_scientist"), First: codes("MLA-C02", "PMLE"), Why: "R0-AWS-06."},
		{Name: "Data platform specialist on AWS", Situation: answered(targetCloud, aws, role, "data_platform_specialist"), First: codes("DEA-C01"), Why: "R0-AWS-06 in the direction of data."},
		{Name: "MLOps, nothing else said", Situation: answered(role, "mlops_engineer"), First: codes("MLA-C02"), Never: codes("GAIL", "AI-901", "AI-103"), Why: "R1-AWS-02 names AWS; AI-300 is a pointer of ours."},
		{Name: "From data engineering to MLOps, nothing else said", Situation: answered(background, "data_engineering", role, "mlops_engineer"), First: codes("MLA-C02"), Never: codes("DEA-C01"), Why: "R0-AWS-07 alone: the comparison names AWS for this move."},
		{Name: "From data engineering to MLOps, on AWS", Situation: answered(currentCloud, aws, background, "data_engineering", role, "mlops_engineer"), First: codes("MLA-C02"), Never: codes("DEA-C01"), Why: "R0-AWS-07: where they go, not where they come from."},
		{Name: "To be judged on technical depth", Situation: answered(ready, "statistics_and_ml", workStyle, "custom_pipeline_and_technical_depth"), First: codes("MLA-C02", "PMLE"), Never: entry, Why: "R0-AWS-08."},
		{Name: "Specialising in machine learning", Situation: answered(goal, "ml_specialisation"), First: codes("MLA-C02", "PMLE"), Why: "R0-AWS-09."},
		{Name: "Practical AI quickly", Situation: answered(goal, "fast_practical_ai"), First: codes("AI-103"), Why: "R0-AZ-01."},
		{Name: "AI at work in an enterprise", Situation: answered(goal, "enterprise_ai_implementation"), First: codes("AI-103"), Why: "R0-AZ-01, R0-AZ-10."},
		{Name: "Application developer by background", Situation: answered(background, "application_development"), First: codes("AI-103"), Why: "R0-AZ-02."},
		{Name: "Bots, search and documents", Situation: answered(goal, "bots_search_documents"), First: codes("AI-103"), Why: "R0-AZ-03."},
		{Name: "Architect who assembles services", Situation: answered(background, "solution_architecture", workStyle, "service_assembly_and_integration"), First: codes("AI-103"), Why: "R0-AZ-04."},
		{Name: "Target role in a Microsoft house", Situation: answered(targetCloud, azure, stack, "microsoft_365_entra_teams"), First: codes("AI-103"), Why: "R0-AZ-05."},
		{Name: "Azure AI services every day", Situation: answered(stack, "azure_ai_services_openai"), First: codes("AI-103"), Why: "R0-AZ-06."},
		{Name: "Customer support and knowledge", Situation: answered(goal, "automation_support_knowledge"), First: codes("AI-103"), Why: "R0-AZ-07: weak, and the only thing said."},
		{Name: "No deep maths, Python at hand", Situation: answered(depth, "applied_services", ready, "python_api_cloud"), First: codes("AI-103"), Never: entry, Why: "R0-AZ-08."},
		{Name: "Automation specialist", Situation: answered(role, "automation_specialist"), First: codes("AI-103"), Why: "R0-AZ-09."},
		{Name: "Solution architect on Azure", Situation: answered(currentCloud, azure, role, "solution_architect"), First: codes("AI-103"), Never: codes("AI-500"), Why: "R0-AZ-09; AI-500 asks for AI-103 first."},
		{Name: "Mixed or unknown target, nothing else", Situation: answered(targetCloud, "mixed_unknown"), Why: "R0-GEN-01 and R0-GEN-02 are methods: read postings, or say more."},
	}
}

// extendedPersonas fire the rules that are ours.
func extendedPersonas() []Persona {
	return []Persona{
		{Name: "Concepts only, little technical", Situation: answered(depth, "conceptual", ready, "little_technical"), First: codes("AIF-C01", "AI-901", "GAIL"), Why: "E1: any entry exam."},
		{Name: "Data engineer on Google", Situation: answered(targetCloud, google, role, "data_engineer"), First: codes("PDE"), Never: codes("PMLE", "DEA-C01"), Why: "E2 on the employer's cloud."},
		{Name: "Data engineer on Azure", Situation: answered(currentCloud, azure, role, "data_engineer", background, "data_engineering"), First: codes("AI-300", "AI-103"), Never: codes("AI-901"), Why: "No Azure data exam is catalogued; the employer's cloud still leads."},
		{Name: "MLOps on Azure", Situation: answered(targetCloud, azure, role, "mlops_engineer"), First: codes("AI-300"), Why: "E3."},
		{Name: "MLOps at an Azure employer", Situation: answered(currentCloud, azure, role, "mlops_engineer"), First: codes("AI-300"), Never: codes("AI-103", "MLA-C02"), Why: "E3's sense for the present employer."},
		{Name: "MLOps on Google", Situation: answered(currentCloud, google, role, "mlops_engineer"), First: codes("PMLE"), Never: codes("AI-300"), Why: "E7, E8."},
		{Name: "Application developer on Azure", Situation: answered(targetCloud, azure, role, "app_developer"), First: codes("AI-103", "AI-200"), Why: "E4 names both."},
		{Name: "Back-end developer who wants depth, on Azure", Situation: answered(currentCloud, azure, role, "app_developer", workStyle, "custom_pipeline_and_technical_depth"), First: codes("AI-200"), Never: codes("AI-300", "MLA-C02"), Why: "Containers, data services and monitoring are AI-200's matter."},
		{Name: "Practical AI quickly, on AWS", Situation: answered(targetCloud, aws, goal, "fast_practical_ai"), First: codes("AIP-C01"), Never: codes("AI-103"), Why: "E5."},
		{Name: "Agent builder on AWS", Situation: answered(currentCloud, aws, role, "ai_engineer", goal, "bots_search_documents", ready, "python_api_cloud"), First: codes("AIP-C01"), Never: codes("AI-103"), Why: "The same work as AI-103's, on the employer's cloud."},
		{Name: "Agent builder on Azure", Situation: answered(currentCloud, azure, role, "ai_engineer", goal, "bots_search_documents", ready, "python_api_cloud"), First: codes("AI-103"), Never: codes("AI-500"), Why: "Apps and agents are AI-103."},
		{Name: "Agent builder on Google", Situation: answered(currentCloud, google, role, "ai_engineer", goal, "bots_search_documents", ready, "python_api_cloud"), First: codes("PMLE"), Never: codes("PAA", "AI-103", "GAIL"), Why: "PAA's beta is closed; PMLE is the technical Google exam that can be taken."},
		{Name: "Employer on Google", Situation: answered(currentCloud, google), First: codes("PMLE"), Why: "E7: as fair as the other clouds."},
		{Name: "Data scientist on Azure", Situation: answered(currentCloud, azure, role, "data_scientist", background, "data_science_statistics"), First: codes("AI-300"), Never: codes("DP-100", "AI-901"), Why: "DP-100's people: AI-300 replaced it."},
		{Name: "Data scientist on Google", Situation: answered(currentCloud, google, role, "data_scientist", background, "data_science_statistics", ready, "statistics_and_ml"), First: codes("PMLE"), Never: codes("MLA-C02"), Why: "The rules for AWS must not outweigh the employer's cloud."},
		{Name: "Support automation on AWS, with Python", Situation: answered(currentCloud, aws, goal, "automation_support_knowledge", depth, "applied_services", ready, "python_api_cloud"), First: codes("AIP-C01", "MLA-C02"), Never: codes("AI-103", "AIF-C01"), Why: "What speaks for Azure by kind of work counts on AWS."},
		{Name: "Support automation on Google, with Python", Situation: answered(targetCloud, google, goal, "automation_support_knowledge", depth, "applied_services", ready, "python_api_cloud"), First: codes("PMLE"), Never: codes("AI-103", "GAIL"), Why: "The same on Google."},
		{Name: "Solution architect on AWS", Situation: answered(targetCloud, aws, role, "solution_architect"), First: codes("MLA-C02", "AIP-C01"), Never: codes("AI-103"), Why: "The employer's cloud, whatever the role."},
		{Name: "Data scientist anywhere", Situation: answered(role, "data_scientist"), First: codes("MLA-C02", "PMLE"), Never: codes("AI-103", "AIF-C01"), Why: "The role counts as the background does."},
		{Name: "Cloud analytics on Google", Situation: answered(targetCloud, google, role, "cloud_analytics_engineer"), First: codes("PDE"), Why: "The data exam of the cloud."},
		{Name: "Enterprise AI on Google, from applications", Situation: answered(currentCloud, google, goal, "enterprise_ai_implementation", background, "application_development", workStyle, "service_assembly_and_integration"), First: codes("PMLE"), Never: codes("AI-103"), Why: "What speaks for Azure by kind of work counts for the employer's cloud as well."},
		{Name: "Deep ML on Azure", Situation: answered(currentCloud, azure, depth, "deep_theory_and_custom_models", role, "ml_engineer", background, "ml_experiments"), First: codes("AI-300"), Never: codes("AI-901", "MLA-C02"), Why: "The employer's cloud leads; AI-300 is nearest to the wish there."},
	}
}

// torn are situations that contradict themselves.
func torn() []Persona {
	return []Persona{
		{Name: "Works on AWS, aims at Azure, in finance", Situation: answered(currentCloud, aws, targetCloud, azure, industry, "financial_services"), First: codes("AI-103"), Never: codes("AI-901", "PMLE"), Why: "Finance counts for neither; target roles decide (R0-GEN-01)."},
		{Name: "Works on Azure, aims at Google, as ML engineer", Situation: answered(currentCloud, azure, targetCloud, google, role, "ml_engineer"), First: codes("PMLE"), Never: codes("GAIL"), Why: "Role fits both; where they aim decides."},
		{Name: "Financial services, nothing else", Situation: answered(industry, "financial_services"), Why: "The two comparisons contradict each other: no lead."},
		{Name: "Finance on AWS", Situation: answered(currentCloud, aws, industry, "financial_services"), First: codes("MLA-C02"), Why: "The employer's cloud decides."},
		{Name: "Finance on Azure", Situation: answered(currentCloud, azure, industry, "financial_services"), First: codes("AI-103"), Why: "The employer's cloud decides."},
		{Name: "Finance and retail", Situation: answered(industry, []string{"financial_services", "retail"}), First: codes("MLA-C02"), Why: "Finance is void, retail still counts."},
		{Name: "Wants depth without a base, on AWS", Situation: answered(currentCloud, aws, depth, "deep_theory_and_custom_models", ready, "little_technical"), First: codes("AIF-C01"), Never: codes("MLA-C02", "AIP-C01"), Why: "Prerequisites override the wish for depth."},
		{Name: "Wants depth without a base, no cloud", Situation: answered(depth, "deep_theory_and_custom_models", background, "non_ml"), First: codes("AI-901", "AIF-C01", "GAIL"), Never: codes("PMLE"), Why: "R1-AZ-04 sets R0-AWS-01 aside."},
		{Name: "Retail, but a developer", Situation: answered(industry, "retail", background, "application_development"), First: codes("AI-103"), Never: codes("MLA-C02"), Why: "Background overrides industry."},
		{Name: "Leads a business, with statistics", Situation: answered(role, "business_leader", ready, "statistics_and_ml", goal, "ml_specialisation"), First: codes("MLA-C02", "PMLE", "GAIL"), Never: codes("AI-901", "AIF-C01"), Why: "The base is there; either the wish or the role may win."},
		{Name: "First certification, but a data scientist on AWS", Situation: answered(currentCloud, aws, goal, "first_certification", background, "data_science_statistics"), First: codes("MLA-C02"), Never: codes("AIF-C01"), Why: "A first certification needn't be an entry exam for somebody with a base."},
		{Name: "Postings name Google, the target is AWS", Situation: answered(targetCloud, aws).reading(10, map[exam.Platform]int{exam.GCP: 8, exam.AWS: 2}), First: codes("MLA-C02"), Why: "What is said outweighs ten postings; both are shown."},
	}
}

func beginners() []Persona {
	return []Persona{
		{Name: "Beginner on AWS", Situation: answered(currentCloud, aws, ready, "little_technical"), First: codes("AIF-C01"), Never: codes("MLA-C02", "AIP-C01"), Why: "A beginner is shown the entry exam first."},
		{Name: "Beginner on Azure", Situation: answered(currentCloud, azure, ready, "little_technical"), First: codes("AI-901"), Never: codes("AI-103", "AI-900"), Why: "AI-901, not the retired AI-900."},
		{Name: "Beginner on Google", Situation: answered(currentCloud, google, ready, "little_technical"), First: codes("GAIL"), Never: codes("PMLE"), Why: "Google's entry exam."},
		{Name: "First certification on AWS", Situation: answered(currentCloud, aws, goal, "first_certification"), First: codes("AIF-C01"), Never: codes("AIP-C01"), Why: "A first certification and no base named: the entry exam."},
		{Name: "First certification, technical without ML, on Google", Situation: answered(currentCloud, google, goal, "first_certification", background, "non_ml"), First: codes("GAIL"), Never: codes("PMLE"), Why: "Years of practice are asked for PMLE."},
		{Name: "First certification, no cloud", Situation: answered(goal, "first_certification", ready, "little_technical"), First: codes("AIF-C01", "AI-901", "GAIL"), Why: "Any entry exam."},
		{Name: "Beginner who holds AI-901", Situation: answered(currentCloud, azure, ready, "little_technical").holding("AI-901"), First: codes("AI-103"), Never: codes("AI-901"), Why: "The next level on the same cloud."},
		{Name: "Beginner by the answers, on AWS", Situation: answered(currentCloud, aws), Shown: &Shown{Answers: 24, Usual: ByLevel{0.4, 0.06, 0.02}}, First: codes("AIF-C01"), Never: codes("MLA-C02"), Why: "Not yet at associate level, and no word of a base."},
		{Name: "Beginner by the answers, on Google", Situation: answered(currentCloud, google), Shown: &Shown{Answers: 24, Usual: ByLevel{0.4, 0.06, 0.01}}, First: codes("GAIL"), Never: codes("PMLE"), Why: "The same on Google."},
	}
}

func business() []Persona {
	return []Persona{
		{Name: "Business leader", Situation: answered(role, "business_leader"), First: codes("GAIL", "AIB-C01"), Never: codes("AI-103", "PMLE"), Why: "E6."},
		{Name: "Business leader on AWS", Situation: answered(currentCloud, aws, role, "business_leader"), First: codes("AIF-C01", "AIB-C01"), Never: codes("GAIL", "MLA-C02"), Why: "The cloud's own exams for business people."},
		{Name: "Business leader on Azure", Situation: answered(currentCloud, azure, role, "business_leader", background, "business"), First: codes("AI-901"), Never: codes("GAIL", "AI-103"), Why: "The employer's cloud leads for business people too."},
		{Name: "Business leader on Google", Situation: answered(currentCloud, google, role, "business_leader", background, "business"), First: codes("GAIL"), Why: "Written for them."},
		{Name: "From business, on AWS", Situation: answered(currentCloud, aws, background, "business"), First: codes("AIF-C01", "AIB-C01"), Never: codes("MLA-C02"), Why: "No technical base is named."},
		{Name: "Concepts on Azure", Situation: answered(targetCloud, azure, depth, "conceptual"), First: codes("AI-901", "AI-103"), Never: codes("AI-300", "AI-500"), Why: "Understanding, not building."},
		{Name: "From business, wants the concepts", Situation: answered(background, "business", depth, "conceptual"), First: codes("GAIL", "AIF-C01", "AI-901", "AIB-C01"), Why: "Entry level, business first."},
	}
}

func holders() []Persona {
	return []Persona{
		{Name: "Holds MLS-C01, ML engineer on AWS", Situation: answered(currentCloud, aws, role, "ml_engineer").holding("MLS-C01"), First: codes("MLA-C02", "AIP-C01"), Never: codes("AIF-C01", "MLS-C01"), Why: "MLS-C01 can't be renewed; the next AWS exams."},
		{Name: "Holds MLS-C01, wants two clouds", Situation: answered(goal, "differentiate_with_two_clouds", ready, "statistics_and_ml").holding("MLS-C01"), First: codes("PMLE"), Never: codes("GAIL", "AI-901"), Why: "SEQ-1: AWS first, then Google."},
		{Name: "Holds AI-102, on Azure", Situation: answered(currentCloud, azure, role, "ai_engineer").holding("AI-102"), First: codes("AI-103"), Never: codes("AI-102", "AI-901"), Why: "AI-102 runs out; its successor."},
		{Name: "Holds DP-100, on Azure", Situation: answered(currentCloud, azure).holding("DP-100"), First: codes("AI-300", "AI-103"), Never: codes("AI-901"), Why: "AI-300 took DP-100's place; AI-103 is the cloud's default."},
		{Name: "Holds DP-100, data scientist on Azure", Situation: answered(currentCloud, azure, role, "data_scientist").holding("DP-100"), First: codes("AI-300"), Why: "AI-300 took DP-100's place."},
		{Name: "Holds AI-900, with Python, on Azure", Situation: answered(currentCloud, azure, ready, "python_api_cloud").holding("AI-900"), First: codes("AI-103"), Never: codes("AI-901"), Why: "The same credential is held, for life."},
		{Name: "Holds AIF-C01, ML engineer on AWS", Situation: answered(currentCloud, aws, role, "ml_engineer").holding("AIF-C01"), First: codes("MLA-C02"), Why: "The next level."},
		{Name: "Holds MLA-C01, builds with generative AI on AWS", Situation: answered(currentCloud, aws, role, "ai_engineer", ready, "python_api_cloud").holding("MLA-C01"), First: codes("AIP-C01"), Never: codes("MLA-C02", "AIF-C01"), Why: "MLA-C02 gives the credential that is held."},
		{Name: "Holds MLA-C01, wants two clouds", Situation: answered(currentCloud, aws, goal, "differentiate_with_two_clouds", ready, "statistics_and_ml").holding("MLA-C01"), First: codes("PMLE", "AI-103", "AI-300"), Never: codes("MLA-C02", "AIP-C01", "GAIL"), Why: "Another cloud than the one that is held."},
		{Name: "Holds AI-103, AI engineer on Azure", Situation: answered(currentCloud, azure, role, "ai_engineer", ready, "python_api_cloud").holding("AI-103"), First: codes("AI-500", "AI-200"), Never: codes("AI-901", "AI-103"), Why: "AI-500 builds on AI-103."},
		{Name: "Holds AI-103 at a Microsoft shop, wants two clouds", Situation: answered(currentCloud, azure, targetCloud, "mixed_unknown", background, "application_development", role, "ai_engineer", goal, "differentiate_with_two_clouds").holding("AI-103"), First: codes("AIP-C01", "MLA-C02"), Never: codes("AI-500", "AI-300"), Why: "SEQ-2: staying on the cloud that is held misses the wish."},
		{Name: "Holds AI-103, wants two clouds, aims at AWS", Situation: answered(targetCloud, aws, goal, "differentiate_with_two_clouds", ready, "python_api_cloud").holding("AI-103"), First: codes("MLA-C02", "AIP-C01"), Never: codes("AI-500"), Why: "SEQ-2 and the target cloud."},
		{Name: "Holds PMLE, data engineer on Google", Situation: answered(currentCloud, google, role, "data_engineer").holding("PMLE"), First: codes("PDE"), Never: codes("GAIL"), Why: "The other exam of the cloud."},
		{Name: "Holds GAIL, ML engineer on Google", Situation: answered(currentCloud, google, role, "ml_engineer").holding("GAIL"), First: codes("PMLE"), Why: "The next level."},
	}
}

func speakers() []Persona {
	return []Persona{
		{Name: "ML engineer on AWS, in Japanese", Situation: answered(currentCloud, aws, role, "ml_engineer").in("ja"), First: codes("MLA-C01"), Never: codes("MLA-C02"), Why: "MLA-C02 is in English only."},
		{Name: "ML engineer on AWS, in Korean", Situation: answered(currentCloud, aws, role, "ml_engineer").in("ko"), First: codes("MLA-C01"), Why: "The same."},
		{Name: "ML engineer on AWS, in Simplified Chinese", Situation: answered(currentCloud, aws, role, "ml_engineer").in("zh-Hans"), First: codes("MLA-C01"), Why: "The same."},
		{Name: "ML engineer on Google, in Japanese", Situation: answered(currentCloud, google, role, "ml_engineer").in("ja"), First: codes("PMLE"), Why: "PMLE is offered in Japanese."},
		{Name: "Data engineer on AWS, in Korean", Situation: answered(currentCloud, aws, role, "data_engineer").in("ko"), First: codes("DEA-C01"), Why: "DEA-C01 is offered in Korean."},
		{Name: "Beginner on AWS, in French", Situation: answered(currentCloud, aws, ready, "little_technical").in("fr"), First: codes("AIF-C01"), Why: "AIF-C01 is offered in French."},
		{Name: "Business leader on Google, in Spanish", Situation: answered(currentCloud, google, role, "business_leader").in("es"), First: codes("GAIL"), Why: "GAIL is offered in Spanish."},
		{Name: "AI engineer on Azure, in Japanese", Situation: answered(currentCloud, azure, role, "ai_engineer").in("ja"), First: codes("AI-103"), Never: codes("AIP-C01", "AI-102"), Why: "Not confirmed in Japanese: to be prepared for."},
	}
}

// shown are people whose answers speak against, or beside, their words.
func shown() []Persona {
	strong := func(p exam.Platform) *Shown {
		return &Shown{Answers: 40, Usual: ByLevel{0.3, 0.05, 0.01}, On: map[exam.Platform]ByLevel{p: {0.97, 0.88, 0.6}}}
	}
	return []Persona{
		{Name: "PMLE in mind, strong on Azure", Situation: answered().inMind("PMLE"), Shown: strong(exam.Azure), First: codes("AI-103", "AI-300", "AI-200"), Never: codes("PMLE", "AI-901"), Why: "Out of reach today, and another exam is ready to be taken."},
		{Name: "AI engineer to be, strong on AWS", Situation: answered(role, "ai_engineer"), Shown: strong(exam.AWS), First: codes("AIP-C01", "MLA-C02", "DEA-C01"), Never: codes("AI-103", "AIF-C01"), Why: "The answers weigh as much as the role, and both ways here."},
		{Name: "Says no ML background, strong on Azure", Situation: answered(currentCloud, azure, targetCloud, azure, background, "non_ml", goal, "first_certification"), Shown: strong(exam.Azure), First: codes("AI-103", "AI-300", "AI-200"), Never: codes("AI-901", "AI-500"), Why: "What was shown says more of the level than modest words."},
		{Name: "Nothing said, weak everywhere", Situation: answered(), Shown: &Shown{Answers: 24, Usual: ByLevel{0.1, 0.01, 0.003}}, First: codes("AIF-C01", "AI-901", "GAIL"), Never: codes("AIP-C01", "PMLE", "MLA-C02"), Why: "A beginner is shown an entry exam."},
		{Name: "Nothing said, middling everywhere", Situation: answered(), Shown: &Shown{Answers: 24, Usual: ByLevel{0.9, 0.54, 0.2}}, First: codes("AI-103", "DEA-C01", "MLA-C02", "AI-200", "AI-300"), Never: codes("AIF-C01", "AIP-C01", "PMLE"), Why: "A pass at associate level is likelier than not, one above it isn't."},
		{Name: "AI engineer on AWS, weak so far", Situation: answered(currentCloud, aws, role, "ai_engineer", background, "application_development", ready, "python_api_cloud"), Shown: &Shown{Answers: 24, Usual: ByLevel{0.3, 0.05, 0.01}}, First: codes("MLA-C02", "AIF-C01"), Never: codes("AI-103", "AIP-C01", "GAIL"), Why: "Being a beginner is no reason to change the cloud."},
		{Name: "Data engineer on Google, PDE far off", Situation: answered(currentCloud, google, role, "data_engineer"), Shown: &Shown{Answers: 24, Usual: ByLevel{0.63, 0.2, 0.03}}, First: codes("PDE"), Never: codes("GAIL", "DEA-C01"), Why: "No entry exam on Google leads up to data engineering."},
		{Name: "Undecided, strong on AWS", Situation: answered(role, "undecided"), Shown: strong(exam.AWS), First: codes("MLA-C02", "DEA-C01", "AIP-C01"), Never: codes("AIF-C01"), Why: "The answers decide for somebody neutral."},
		{Name: "Undecided, strong on Azure", Situation: answered(role, "undecided"), Shown: strong(exam.Azure), First: codes("AI-103", "AI-300", "AI-200"), Never: codes("AI-901"), Why: "The same."},
		{Name: "Undecided, strong on Google", Situation: answered(role, "undecided"), Shown: strong(exam.GCP), First: codes("PMLE", "PDE"), Never: codes("GAIL"), Why: "Google is reachable by answers as well."},
		{Name: "Employer on Azure, a little better on AWS", Situation: answered(currentCloud, azure), Shown: &Shown{Answers: 24, Usual: ByLevel{0.7, 0.3, 0.1}, On: map[exam.Platform]ByLevel{exam.AWS: {0.8, 0.45, 0.2}}}, First: codes("AI-103"), Never: codes("MLA-C02"), Why: "A small lead doesn't outweigh the employer's cloud."},
		{Name: "First certification, but ready for an associate exam", Situation: answered(currentCloud, aws, goal, "first_certification"), Shown: &Shown{Answers: 40, Usual: ByLevel{0.97, 0.85, 0.3}}, First: codes("MLA-C02"), Never: codes("AIF-C01"), Why: "An expert isn't shown a fundamentals exam."},
		{Name: "ML engineer on Google, PMLE far off", Situation: answered(currentCloud, google, role, "ml_engineer"), Shown: &Shown{Answers: 40, Usual: ByLevel{0.25, 0.05, 0.01}}, First: codes("GAIL"), Never: codes("PMLE"), Why: "One in a hundred: the entry exam of the cloud first."},
		{Name: "ML engineer on Google, about average", Situation: answered(currentCloud, google, role, "ml_engineer", background, "ml_experiments"), Shown: &Shown{Answers: 24, Usual: ByLevel{0.65, 0.28, 0.09}}, First: codes("PMLE"), Never: codes("GAIL", "MLA-C02"), Why: "Work to do, and still the employer's exam."},
		{Name: "Says little technical, answers little", Situation: answered(currentCloud, azure, ready, "little_technical"), Shown: &Shown{Answers: 4, Usual: ByLevel{0.6, 0.25, 0.07}}, First: codes("AI-901"), Why: "Four answers change nothing."},
	}
}

func experts() []Persona {
	return []Persona{
		{Name: "Expert on Google", Situation: answered(currentCloud, google, role, "ml_engineer", background, "custom_pipelines_mlops", ready, "statistics_and_ml", depth, "deep_theory_and_custom_models"), Shown: &Shown{Answers: 40, Usual: ByLevel{0.98, 0.9, 0.7}}, First: codes("PMLE"), Never: codes("GAIL"), Why: "No step below."},
		{Name: "Expert on AWS", Situation: answered(currentCloud, aws, role, "ml_engineer", ready, "statistics_and_ml", depth, "deep_theory_and_custom_models"), Shown: &Shown{Answers: 40, Usual: ByLevel{0.98, 0.9, 0.7}}, First: codes("MLA-C02"), Never: codes("AIF-C01"), Why: "No step below; no AWS exam is deeper for ML today."},
		{Name: "Expert in generative AI on AWS", Situation: answered(currentCloud, aws, role, "ai_engineer", background, "application_development", ready, "python_api_cloud", goal, "enterprise_ai_implementation"), Shown: &Shown{Answers: 40, Usual: ByLevel{0.98, 0.9, 0.7}}, First: codes("AIP-C01"), Never: codes("AIF-C01"), Why: "The professional exam for that work."},
		{Name: "Expert on Azure", Situation: answered(currentCloud, azure, role, "mlops_engineer", background, "custom_pipelines_mlops", ready, "statistics_and_ml"), Shown: &Shown{Answers: 40, Usual: ByLevel{0.98, 0.9, 0.7}}, First: codes("AI-300"), Never: codes("AI-901"), Why: "No step below."},
	}
}

// readers have read job postings.
func readers() []Persona {
	return []Persona{
		{Name: "Postings name Azure", Situation: answered().reading(8, map[exam.Platform]int{exam.Azure: 6, exam.AWS: 2}), First: codes("AI-103"), Why: "The market is all there is."},
		{Name: "Postings name Google, ML engineer", Situation: answered(role, "ml_engineer", currentCloud, "other_none").reading(10, map[exam.Platform]int{exam.GCP: 7, exam.Azure: 3}), First: codes("PMLE"), Never: codes("AI-103"), Why: "Role and market agree."},
		{Name: "Postings name nobody most", Situation: answered().reading(4, map[exam.Platform]int{exam.Azure: 2, exam.AWS: 2}), Why: "A tie says nothing."},
	}
}

func movedClocks() []Persona {
	deep := answered(currentCloud, aws, role, "ml_engineer", depth, "deep_theory_and_custom_models")
	return []Persona{
		{Name: "Deep ML on AWS, when MLS-C01 could be taken", Day: "2025-11-01", Situation: deep, First: codes("MLS-C01", "MLA-C01"), Why: "Five months were left."},
		{Name: "Deep ML on AWS, the day before MLS-C01's last", Day: "2026-03-30", Situation: deep, First: codes("MLA-C01"), Never: codes("MLS-C01"), Why: "Nobody begins with two days left."},
		{Name: "Deep ML on AWS, in summer", Day: "2026-07-01", Situation: deep, First: codes("MLA-C01"), Never: codes("MLS-C01", "MLA-C02"), Why: "MLA-C02 wasn't open yet."},
		{Name: "Deep ML on AWS, next year", Day: "2027-02-01", Situation: deep, First: codes("MLA-C02"), Never: codes("MLA-C01"), Why: "MLA-C01 ended in English."},
		{Name: "AI engineer on Azure, before AI-102's end", Day: "2026-05-15", Situation: answered(currentCloud, azure, role, "ai_engineer"), First: codes("AI-103"), Never: codes("AI-102"), Why: "Whoever begins, begins with the successor."},
		{Name: "Beginner on Azure, the day AI-900 ended", Day: "2026-07-01", Situation: answered(currentCloud, azure, ready, "little_technical"), First: codes("AI-901"), Never: codes("AI-900"), Why: "AI-900 ended the day before."},
		{Name: "Data scientist on Azure, a month after DP-100", Day: "2026-07-01", Situation: answered(currentCloud, azure, role, "data_scientist"), First: codes("AI-300"), Never: codes("DP-100"), Why: "DP-100 ended on 1 June."},
	}
}
