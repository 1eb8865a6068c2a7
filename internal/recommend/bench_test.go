package recommend

import "testing"

// BenchmarkRecommend ranks a full profile with answers to every exam, with all
// that a page shows. To beat: 25 ms.
func BenchmarkRecommend(b *testing.B) {
	cat := embedded(b)
	in := answered(
		currentCloud, aws, targetCloud, azure, stack, []string{"microsoft_365_entra_teams", "sagemaker_s3_glue_athena_lambda"},
		role, []string{"ml_engineer", "mlops_engineer"}, industry, "retail", background, []string{"ml_experiments", "custom_pipelines_mlops"},
		goal, []string{"ml_specialisation", "fast_practical_ai"}, depth, "applied_services", ready, "python_api_cloud", workStyle, "custom_pipeline_and_technical_depth",
	)
	ev := reportOf(cat, levelled(0.8, 0.4, 0.1))
	for b.Loop() {
		Recommend(cat, in, ev, today)
	}
}
