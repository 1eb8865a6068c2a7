package postings

import "sextant/internal/exam"

// level is how much a name needs beside it to count.
type level int

const (
	// sure names mean one thing wherever they stand, in any letters.
	sure level = iota
	// written names mean one thing where they are written with their capitals.
	written
	// told names need their capitals and their platform somewhere in the posting.
	told
	// near names need their capitals and their platform in the same sentence or list.
	near
	// loose names need what near names do, in any letters.
	loose
	// beside names are ordinary words: they need their vendor right before them, or a
	// place in a list next to another name of the same platform.
	beside
	// never names are no names of a service at all, whatever the catalogue calls short.
	never
)

// levels says so for the catalogue's names that are not evident: names that
// begin with their vendor's, and names with a capital inside, are sure; other
// single words are near, other names told.
//
//nolint:misspell // services have American names
var levels = map[level][]string{
	sure: {
		"s3", "ec2", "s3 access points", "s3 lifecycle", "cosmos db", "entra id", "github actions", "vertex ai", "step functions",
		"lake formation", "semantic kernel", "autogen", "qna maker", "form recognizer", "dataproc", "dataplex", "firestore", "memorystore", "bigtable", "rekognition",
		"textract", "notebooklm", "agentspace", "langchain", "langgraph", "mlflow", "opentelemetry", "pgvector", "git", "agent development kit",
		"model context protocol", "agent2agent protocol", "apache iceberg", "strands agents", "google kubernetes engine", "kusto query language",
		"bedrock knowledge bases", "bedrock guardrails", "bedrock agents", "bedrock agentcore", "bedrock flows", "bedrock evaluations", "bedrock data automation",
		"kinesis data streams", "kinesis data firehose", "kinesis data analytics", "redshift serverless", "redshift spectrum", "glue data catalog",
		"cloud spanner", "cloud bigtable", "cloud composer", "cloud pub sub", "dialogflow cx", "customer engagement suite", "mechanical turk", "secure ai framework",
		"gen ai evaluation service", "alloydb",
	},
	written: {
		"eks", "aks", "gke", "sqs", "mwaa", "kql", "a2a", "keda", "looker", "tpu", "redshift", "gemini", "gemma", "imagen", "veo", "logic apps", "iso 42001", "iso iec 42001",
		"managed service for apache flink", "managed service for apache spark", "managed service for apache airflow", "managed service for apache kafka",
	},
	told: {
		"lambda", "athena", "bedrock", "kinesis", "luis", "clu", "adk", "kendra", "macie", "firehose", "efs", "ebs", "ecr", "lex", "dataform", "clarify", "document ai",
	},
	near: {
		"emr", "ecs", "sns", "rds", "vpc", "iam", "kms", "msk", "cdk", "glue", "foundry", "spanner", "dataflow", "api gateway", "auto scaling", "ground truth", "jumpstart",
		"trusted advisor", "savings plans", "cost explorer", "secrets manager", "feature store", "model registry", "model monitoring", "provisioned throughput",
		"text analytics", "document intelligence", "prompt flow", "agent service", "agent framework", "content safety", "content understanding", "api management",
		"app configuration", "app service", "service bus", "event grid", "key vault", "cloud storage", "cloud monitoring", "vector search", "agent search", "agent platform", "agent studio", "agent runtime", "speech to text", "text to speech",
		"identity and access management", "database migration service", "data fusion", "vision api", "translation api", "managed redis", "responsible ai dashboard",
		"custom question answering", "conversational language understanding", "speaker recognition", "pub sub", "transfer family", "audit manager", "deep learning amis",
		"comprehend", "transcribe", "translate", "personalize", "model garden", "analytics hub", "universal catalog", "datastream", "antigravity", "kiro", "acr", "saif",
		"container apps", "agent id", "agent identity", "agent registry", "agent gateway", "memory bank", "vpc endpoints", "bi engine", "x ray",
	},
	beside: {
		"face", "workflows", "experiments", "budgets", "inspector", "image analysis", "workbench", "composer", "context caching", "personalizer", "polly", "custom commands",
		"auth manager", "language understanding", "functions", "monitor", "search", "translator", "speech", "language", "vision", "batch", "config", "artifact", "marketplace",
		"outposts", "wavelength", "amplify", "bicep", "titan", "nova", "forecast",
	},
	never: {"computer vision", "cloud gpus"},
}

// cues are words one of which must stand in the sentence with a name that means
// other things elsewhere.
var cues = map[string][]string{
	"gemini":  {"llm", "gpt", "claude", "model", "google", "vertex", "openai", "llama", "generative", "genai", "ai", "anthropic", "mistral", "agent", "adk", "assistant", "prompt", "bigquery", "copilot"},
	"agents":  {"llm", "mcp", "langgraph", "langchain", "claude", "gpt", "agentic", "crewai", "autogen", "bedrock", "foundry", "agentcore", "a2a", "rag", "adk", "openai"},
	"drift":   {"model", "data", "monitoring", "prediction", "retraining", "ml", "mlop"},
	"gemma":   {"llm", "llama", "mistral", "model", "google", "open"},
	"imagen":  {"image", "model", "google", "diffusion", "veo"},
	"veo":     {"video", "model", "google", "imagen"},
	"mcp":     {"agent", "agentic", "llm", "tool", "server", "protocol", "a2a", "ai", "rag", "langchain", "langgraph", "copilot"},
	"a2a":     {"agent", "agentic", "llm", "protocol", "mcp", "ai"},
	"iceberg": {"table", "lake", "lakehouse", "data", "spark", "parquet", "apache", "delta", "trino", "athena", "warehouse"},
	"go":      {"python", "java", "golang", "rust", "typescript", "javascript", "scala", "kotlin", "c", "node", "language", "ruby", "php"},
	"r":       {"python", "sql", "sas", "statistic", "statistical", "julia", "stata", "matlab", "scala"},
	"ray":     {"spark", "distributed", "dask", "pytorch", "kubernete", "training", "cluster", "kubeflow", "gpu"},
	"spark":   {"apache", "pyspark", "databrick", "hadoop", "sql", "data", "etl", "kafka", "python", "scala", "streaming", "cluster", "emr", "glue", "dataproc", "airflow", "flink", "hive"},
	"claude":  {"llm", "gpt", "anthropic", "model", "openai", "gemini", "llama", "bedrock", "mistral", "generative", "genai", "ai", "copilot", "prompt", "api", "agent", "agentic", "mcp", "assistant"},
	"llama":   {"llm", "gpt", "claude", "model", "mistral", "gemini", "meta", "open", "tuning", "tuned", "tune", "generative", "ai", "vllm"},
	"chroma":  {"vector", "pinecone", "faiss", "weaviate", "qdrant", "embedding", "milvu"},
	"helm":    {"kubernete", "k8", "docker", "terraform", "argo", "argocd", "ek", "eks", "ak", "aks", "gke", "chart", "container"},
	"dbt":     {"data", "sql", "snowflake", "bigquery", "warehouse", "airflow", "redshift", "model", "transformation", "etl", "elt", "analytic", "dagster"},
	"synapse": {"azure", "fabric", "data", "factory", "databrick", "sql", "analytic"},
	"fabric":  {"microsoft", "azure", "onelake", "synapse", "power", "powerbi", "databrick", "lakehouse", "purview"},
	"purview": {"microsoft", "azure", "governance", "fabric", "data", "catalog", "entra"},
	"neptune": {"aws", "amazon", "graph", "dynamodb", "opensearch", "sagemaker"},
	"fargate": {"aws", "amazon", "ecs", "eks", "lambda", "container", "ecr"},
}

// foreign are words whose sentence takes a name for something else: an
// abbreviation of another trade.
var foreign = map[string][]string{
	"gcp": {"clinical", "gxp", "gmp", "glp", "ich", "trial", "pharmacovigilance"},
	"aws": {"welding", "weld", "welder", "welded", "d1"},
	"emr": {"medical", "ehr", "patient", "hospital", "clinical", "clinic", "healthcare", "hl7", "fhir"},
	"msk": {"musculoskeletal", "patient", "physiotherapy", "clinical"},
	"acr": {"radiology", "mammography", "imaging"},
	"cdk": {"kinase", "inhibitor", "oncology"},
	"ecs": {"endocannabinoid"},
	"sns": {"instagram", "facebook", "tiktok", "marketing", "social"},
	"mcp": {"certified"},
	"rds": {"windows", "citrix", "desktop"},
	"lex": {"legal", "law"},

	"agents": {"insurance", "estate", "call", "travel", "sale"},
}

// stops are names of other things that a shorter name stands in; they count for
// nothing and keep it from counting.
var stops = []string{
	"Palantir Foundry", "Cloud Foundry", "lambda calculus", "lambda expression", "lambda architecture", "lambda term", "Google Search Console", "Google Search Ads", "Google Analytics",
	"Google Ads", "Google Workspace", "Google Docs", "Google Sheets", "Amazon Marketplace", "Amazon Prime", "Amazon Ads", "Amazon Advertising", "Amazon Seller Central", "Face ID",
	"glue code", "glue together", "AWS Summit", "search engine optimization", "machine learning conference", "Go to market", "Go live",
	"azure sea", "azure blue", "azure sky", "azure waters", "azure coast", "Côte d'Azur", "Databricks Feature Store", "Unity Catalog Model Registry", "Databricks Vector Search", "MLflow Model Registry",
	"tip of the iceberg", "Ray-Ban", "R&D", "Snowflake schema",
}

// silent are services of a platform's catalogue that people use on any cloud, or
// without one: naming them says nothing of the employer's.
var silent = map[string]bool{
	"gemini": true, "gemma": true, "imagen": true, "veo": true, "gemini-app": true, "gemini-notebook": true, "google-workspace-with-gemini": true, "google-skills": true,
	"antigravity": true, "agent-development-kit": true, "strands-agents": true, "kiro": true, "github-actions": true, "microsoft-agent-framework": true, "looker": true,
	"microsoft-entra-id": true, "cloud-tpu": true, "saif": true, "aws-agent-squad": true, "more:power-bi": true, "more:power-automate": true, "more:github-copilot": true,
	"more:looker-studio": true, "more:microsoft-copilot": true, "more:firebase": true,
}

// vendors are the names of the platforms themselves, and the words that stand
// before the name of a service.
var vendors = map[exam.Platform]struct{ names, before []string }{
	exam.AWS:   {[]string{"AWS", "Amazon Web Services", "Amazon AWS", "Amazon Cloud"}, []string{"aws", "amazon"}},
	exam.Azure: {[]string{"Azure", "Microsoft Azure", "MS Azure", "Microsoft Cloud", "Azure Cloud", "Azure AI"}, []string{"azure", "microsoft", "ms"}},
	exam.GCP:   {[]string{"GCP", "Google Cloud", "Google Cloud Platform", "Google Cloud AI"}, []string{"google", "gcp", "google cloud"}},
}

// also are more ways to write the catalogue's names, by id, with their level.
var also = []struct {
	id    string
	level level
	names []string
}{
	{"amazon-s3", sure, []string{"Simple Storage Service"}},
	{"amazon-ec2", written, []string{"Elastic Compute Cloud"}},
	{"amazon-eks", written, []string{"Elastic Kubernetes Service"}},
	{"amazon-ecs", near, []string{"Elastic Container Service"}},
	{"amazon-emr", near, []string{"Elastic MapReduce"}},
	{"amazon-sagemaker-ai", written, []string{"Sagemaker Studio", "AWS Sagemaker"}},
	{"amazon-aurora-postgresql", near, []string{"Aurora Postgres"}},
	{"aws-glue", sure, []string{"AWS Glue ETL", "Glue jobs", "Glue ETL"}},
	{"amazon-opensearch-service", sure, []string{"AWS OpenSearch"}},
	{"amazon-quick", sure, []string{"QuickSight"}},
	{"aws-dms", near, []string{"DMS", "Database Migration Service"}},
	{"azure-openai", sure, []string{"Azure Open AI", "AOAI"}},
	{"azure-machine-learning", sure, []string{"Azure ML Studio", "Azure Machine Learning Studio", "AML Studio"}},
	{"azure-cosmos-db-for-nosql", sure, []string{"CosmosDB"}},
	{"azure-managed-identities", loose, []string{"managed identities", "managed identity"}},
	{"azure-private-link", near, []string{"Private Link"}},
	{"azure-ml-pipelines", sure, []string{"Azure Machine Learning pipelines"}},
	{"azure-ml-jobs", sure, []string{"Azure ML jobs"}},
	{"azure-ml-workspace", sure, []string{"Azure ML workspace"}},
	{"azure-ml-online-endpoints", sure, []string{"Azure ML endpoints", "Azure ML online endpoints", "managed online endpoints"}},
	{"azure-ml-automated-ml", sure, []string{"Azure AutoML"}},
	{"azure-functions", near, []string{"Function App"}},
	{"azure-functions", beside, []string{"Functions"}},
	{"azure-monitor", beside, []string{"Monitor"}},
	{"azure-ai-search", beside, []string{"AI Search"}},
	{"azure-ai-search", sure, []string{"Azure AI Search", "Cognitive Search"}},
	{"azure-kubernetes-service", sure, []string{"Azure Kubernetes"}},
	{"foundry-agent-service", sure, []string{"Azure AI Foundry Agent Service", "Azure Foundry Agent Service"}},
	{"microsoft-foundry", sure, []string{"Azure Foundry", "AI Foundry"}},
	{"foundry-tools", sure, []string{"Azure AI Service", "Azure AI Tools"}},
	{"gemini-enterprise-agent-platform", told, []string{"Vertex"}},
	{"gemini-enterprise-agent-platform", sure, []string{"VertexAI", "Google Vertex"}},
	{"gemini", written, []string{"Google Gemini", "Gemini Pro", "Gemini API", "Gemini models"}},
	{"cloud-run-functions", near, []string{"Cloud Functions"}},
	{"cloud-storage", sure, []string{"Google Cloud Storage"}},
	{"cloud-storage", near, []string{"GCS"}},
	{"pubsub", sure, []string{"Google Pub/Sub", "PubSub"}},
	{"bigquery-ml", written, []string{"BQML", "BigQuery ML"}},
	{"managed-service-for-apache-airflow", near, []string{"Composer"}},
	{"agent-platform-model-registry", sure, []string{"Vertex Model Registry"}},
	{"agent-platform-feature-store", sure, []string{"Vertex Feature Store"}},
	{"agent-platform-pipelines", sure, []string{"Vertex Pipelines"}},
	{"agent-search", near, []string{"Vertex Search"}},
	{"google-kubernetes-engine", sure, []string{"Google Kubernetes"}},
	{"cloud-tpu", written, []string{"TPU"}},
	{"langchain", sure, []string{"Lang Chain"}},
	{"mlflow", sure, []string{"ML Flow"}},
	{"apache-iceberg", written, []string{"Iceberg"}},
	{"agent2agent-protocol", sure, []string{"Agent2Agent", "agent-to-agent protocol"}},
	{"opentelemetry", written, []string{"OTel"}},
	{"iso-iec-42001", sure, []string{"ISO/IEC 42001"}},
	{"azure-devops", sure, []string{"Azure DevOps Pipelines", "Azure Pipelines"}},
}

// further are services of the three clouds that the catalogue has no record of:
// they speak for their platform and have no certification to link to.
//
//nolint:misspell // services have American names
var further = []struct {
	id, name string
	platform exam.Platform
	level    level
	also     []string
	skill    exam.SkillID
}{
	{"aws-fargate", "AWS Fargate", exam.AWS, told, []string{"Fargate"}, "infrastructure-automation"},
	{"amazon-neptune", "Amazon Neptune", exam.AWS, near, []string{"Neptune"}, "data-storage-modelling"},
	{"amazon-cloudfront", "Amazon CloudFront", exam.AWS, sure, []string{"CloudFront"}, ""},
	{"amazon-route-53", "Amazon Route 53", exam.AWS, sure, []string{"Route 53", "Route53"}, ""},
	{"amazon-documentdb", "Amazon DocumentDB", exam.AWS, sure, []string{"DocumentDB"}, "data-storage-modelling"},
	{"amazon-aurora", "Amazon Aurora", exam.AWS, near, []string{"Aurora"}, "data-storage-modelling"},
	{"amazon-cognito", "Amazon Cognito", exam.AWS, told, []string{"Cognito", "AWS Cognito"}, "security-iam-network"},
	{"aws-trainium", "AWS Trainium", exam.AWS, written, []string{"Trainium"}, "distributed-training-compute"},
	{"aws-inferentia", "AWS Inferentia", exam.AWS, written, []string{"Inferentia"}, "distributed-training-compute"},
	{"amazon-connect", "Amazon Connect", exam.AWS, sure, nil, "app-integration"},
	{"azure-data-factory", "Azure Data Factory", exam.Azure, near, []string{"Data Factory", "ADF"}, "data-transformation"},
	{"microsoft-fabric", "Microsoft Fabric", exam.Azure, beside, []string{"Fabric", "MS Fabric", "Azure Fabric"}, "data-storage-modelling"},
	{"microsoft-onelake", "Microsoft OneLake", exam.Azure, sure, []string{"OneLake"}, "data-storage-modelling"},
	{"azure-synapse-analytics", "Azure Synapse Analytics", exam.Azure, near, []string{"Azure Synapse", "Synapse Analytics", "Synapse"}, "data-storage-modelling"},
	{"azure-databricks", "Azure Databricks", exam.Azure, sure, nil, "data-transformation"},
	{"azure-event-hubs", "Azure Event Hubs", exam.Azure, near, []string{"Event Hubs"}, "data-ingestion-streaming"},
	{"azure-stream-analytics", "Azure Stream Analytics", exam.Azure, near, []string{"Stream Analytics"}, "data-ingestion-streaming"},
	{"azure-blob-storage", "Azure Blob Storage", exam.Azure, near, []string{"Blob Storage", "Azure Storage"}, "data-storage-modelling"},
	{"azure-data-lake-storage", "Azure Data Lake Storage", exam.Azure, written, []string{"Azure Data Lake", "Azure Data Lake Storage Gen2", "ADLS", "ADLS Gen2"}, "data-storage-modelling"},
	{"microsoft-purview", "Microsoft Purview", exam.Azure, near, []string{"Purview", "Azure Purview"}, "data-privacy-governance"},
	{"azure-sql-database", "Azure SQL Database", exam.Azure, sure, []string{"Azure SQL"}, "data-storage-modelling"},
	{"copilot-studio", "Microsoft Copilot Studio", exam.Azure, sure, []string{"Copilot Studio"}, "automl-low-code"},
	{"microsoft-copilot", "Microsoft 365 Copilot", exam.Azure, sure, []string{"Microsoft Copilot", "M365 Copilot", "Copilot for Microsoft 365"}, ""},
	{"power-automate", "Power Automate", exam.Azure, written, []string{"Microsoft Power Automate"}, "automl-low-code"},
	{"power-bi", "Power BI", exam.Azure, sure, []string{"Microsoft Power BI"}, "exploratory-analysis"},
	{"github-copilot", "GitHub Copilot", exam.Azure, sure, nil, ""},
	{"azure-cost-management", "Azure Cost Management", exam.Azure, near, []string{"Cost Management"}, "cost-optimisation"},
	{"google-secret-manager", "Google Secret Manager", exam.GCP, near, []string{"Secret Manager"}, "security-iam-network"},
	{"artifact-registry", "Artifact Registry", exam.GCP, near, nil, "infrastructure-automation"},
	{"eventarc", "Eventarc", exam.GCP, written, nil, "app-integration"},
	{"compute-engine", "Google Compute Engine", exam.GCP, near, []string{"Compute Engine", "GCE"}, ""},
	{"app-engine", "Google App Engine", exam.GCP, near, []string{"App Engine"}, ""},
	{"cloud-scheduler", "Cloud Scheduler", exam.GCP, near, nil, "mlops-pipelines"},
	{"infrastructure-manager", "Infrastructure Manager", exam.GCP, beside, nil, "infrastructure-automation"},
	{"cloud-billing", "Cloud Billing", exam.GCP, near, nil, "cost-optimisation"},
	{"looker-studio", "Looker Studio", exam.GCP, sure, nil, "exploratory-analysis"},
	{"dialogflow", "Dialogflow", exam.GCP, sure, nil, "nlp-text-speech"},
	{"firebase", "Firebase", exam.GCP, sure, nil, ""},
	{"apigee", "Apigee", exam.GCP, sure, nil, "app-integration"},
}

// tools are open-source tools, languages and products that run on any cloud and
// have no record in the catalogue, with the skill they belong to.
var tools = []struct {
	id, name string
	level    level
	also     []string
	skill    exam.SkillID
}{
	{"python", "Python", sure, []string{"Python3"}, ""},
	{"sql", "SQL", sure, []string{"T-SQL", "PL/SQL"}, "exploratory-analysis"},
	{"java", "Java", written, nil, ""},
	{"scala", "Scala", written, nil, ""},
	{"golang", "Go", written, []string{"Go programming"}, ""},
	{"golang", "Go", sure, []string{"Golang"}, ""},
	{"r", "R", written, nil, ""},
	{"typescript", "TypeScript", sure, nil, ""},
	{"javascript", "JavaScript", sure, []string{"Node.js"}, ""},
	{"rust", "Rust", written, nil, ""},
	{"bash", "Bash", written, []string{"shell scripting"}, ""},
	{"powershell", "PowerShell", sure, nil, ""},
	{"docker", "Docker", sure, nil, "infrastructure-automation"},
	{"kubernetes", "Kubernetes", sure, []string{"K8s"}, "infrastructure-automation"},
	{"helm", "Helm", written, nil, "infrastructure-automation"},
	{"terraform", "Terraform", sure, []string{"OpenTofu"}, "infrastructure-automation"},
	{"ansible", "Ansible", sure, nil, "infrastructure-automation"},
	{"pulumi", "Pulumi", sure, nil, "infrastructure-automation"},
	{"argo", "Argo CD", sure, []string{"ArgoCD", "Argo Workflows"}, "mlops-pipelines"},
	{"jenkins", "Jenkins", written, nil, "mlops-pipelines"},
	{"gitlab", "GitLab", sure, []string{"GitLab CI"}, "mlops-pipelines"},
	{"github", "GitHub", sure, nil, ""},
	{"kubeflow", "Kubeflow", sure, []string{"Kubeflow Pipelines", "KServe"}, "mlops-pipelines"},
	{"airflow", "Apache Airflow", written, []string{"Airflow"}, "mlops-pipelines"},
	{"dagster", "Dagster", written, nil, "mlops-pipelines"},
	{"prefect", "Prefect", written, nil, "mlops-pipelines"},
	{"spark", "Apache Spark", sure, []string{"PySpark", "Spark SQL", "Spark Streaming"}, "data-transformation"},
	{"spark", "Apache Spark", written, []string{"Spark"}, "data-transformation"},
	{"flink", "Apache Flink", written, []string{"Flink"}, "data-ingestion-streaming"},
	{"beam", "Apache Beam", written, nil, "data-transformation"},
	{"kafka", "Apache Kafka", written, []string{"Kafka"}, "data-ingestion-streaming"},
	{"hadoop", "Apache Hadoop", sure, []string{"Hadoop"}, "data-transformation"},
	{"dbt", "dbt", sure, nil, "data-transformation"},
	{"databricks", "Databricks", sure, nil, "data-transformation"},
	{"snowflake", "Snowflake", written, nil, "data-storage-modelling"},
	{"delta-lake", "Delta Lake", written, nil, "data-storage-modelling"},
	{"pandas", "pandas", sure, nil, "data-transformation"},
	{"numpy", "NumPy", sure, nil, ""},
	{"pytorch", "PyTorch", sure, nil, "model-training"},
	{"tensorflow", "TensorFlow", sure, []string{"Tensor Flow"}, "model-training"},
	{"keras", "Keras", sure, nil, "model-training"},
	{"jax", "JAX", written, nil, "model-training"},
	{"scikit-learn", "scikit-learn", sure, []string{"sklearn", "scikit"}, "model-training"},
	{"xgboost", "XGBoost", sure, nil, "model-training"},
	{"lightgbm", "LightGBM", sure, nil, "model-training"},
	{"hugging-face", "Hugging Face", sure, nil, "foundation-model-selection"},
	{"deepspeed", "DeepSpeed", sure, nil, "distributed-training-compute"},
	{"ray", "Ray", written, nil, "distributed-training-compute"},
	{"vllm", "vLLM", sure, nil, "deployment-strategies"},
	{"triton", "Triton Inference Server", sure, []string{"NVIDIA Triton"}, "deployment-strategies"},
	{"cuda", "CUDA", written, nil, "distributed-training-compute"},
	{"opencv", "OpenCV", sure, nil, "computer-vision"},
	{"spacy", "spaCy", sure, nil, "nlp-text-speech"},
	{"openai", "OpenAI", sure, []string{"Open AI", "ChatGPT", "GPT-4", "GPT-4o", "GPT-5"}, "foundation-model-selection"},
	{"claude", "Claude", written, []string{"Anthropic Claude"}, "foundation-model-selection"},
	{"claude", "Claude", sure, []string{"Anthropic"}, "foundation-model-selection"},
	{"llama", "Llama", written, nil, "foundation-model-selection"},
	{"mistral", "Mistral", written, []string{"Mistral AI"}, "foundation-model-selection"},
	{"llamaindex", "LlamaIndex", sure, []string{"Llama Index"}, "rag-grounding"},
	{"crewai", "CrewAI", sure, nil, "multi-agent-orchestration"},
	{"langsmith", "LangSmith", sure, []string{"Langfuse"}, "genai-evaluation"},
	{"ragas", "Ragas", written, nil, "genai-evaluation"},
	{"pinecone", "Pinecone", written, nil, "vector-search-embeddings"},
	{"weaviate", "Weaviate", sure, nil, "vector-search-embeddings"},
	{"qdrant", "Qdrant", sure, nil, "vector-search-embeddings"},
	{"milvus", "Milvus", sure, nil, "vector-search-embeddings"},
	{"faiss", "FAISS", sure, nil, "vector-search-embeddings"},
	{"chroma", "Chroma", written, []string{"ChromaDB"}, "vector-search-embeddings"},
	{"elasticsearch", "Elasticsearch", sure, []string{"Elastic Search"}, "vector-search-embeddings"},
	{"postgresql", "PostgreSQL", sure, []string{"Postgres"}, "data-storage-modelling"},
	{"mysql", "MySQL", sure, nil, "data-storage-modelling"},
	{"mongodb", "MongoDB", sure, nil, "data-storage-modelling"},
	{"redis", "Redis", sure, nil, "data-storage-modelling"},
	{"neo4j", "Neo4j", sure, nil, "data-storage-modelling"},
	{"wandb", "Weights & Biases", sure, []string{"wandb"}, "experiment-tracking-registry"},
	{"dvc", "DVC", written, nil, "experiment-tracking-registry"},
	{"feast", "Feast", beside, nil, "feature-engineering"},
	{"prometheus", "Prometheus", written, nil, "monitoring-drift-observability"},
	{"grafana", "Grafana", sure, nil, "monitoring-drift-observability"},
	{"datadog", "Datadog", sure, nil, "monitoring-drift-observability"},
	{"tableau", "Tableau", written, nil, "exploratory-analysis"},
	{"jupyter", "Jupyter", sure, nil, "exploratory-analysis"},
	{"fastapi", "FastAPI", sure, nil, "app-integration"},
	{"great-expectations", "Great Expectations", written, nil, "data-quality-labelling"},
}

// phrases are how postings name the shared skills. Those of two letters or
// three are counted in capitals only.
//
//nolint:misspell // not all of it is English
var phrases = map[exam.SkillID][]string{
	"ml-fundamentals":                {"machine learning", "supervised learning", "unsupervised learning", "ML algorithms", "ML models", "deep learning", "statistical modelling", "apprentissage automatique", "maschinelles Lernen", "aprendizaje automático", "機械学習", "机器学习"},
	"genai-fundamentals":             {"LLM", "generative AI", "language models", "GenAI", "gen AI", "large language models", "transformer models", "IA générative", "generative KI", "IA generativa", "生成AI"},
	"data-ingestion-streaming":       {"data ingestion", "streaming data", "data streaming", "stream processing", "change data capture", "CDC", "real-time data", "event streaming"},
	"data-storage-modelling":         {"data lake", "data lakes", "data warehouse", "data warehousing", "lakehouse", "data modelling", "dimensional modelling"},
	"data-transformation":            {"data transformation", "ETL", "ELT", "data pipelines", "data wrangling", "data processing pipelines", "Datenpipelines"},
	"data-quality-labelling":         {"data quality", "data validation", "data labelling", "data annotation"},
	"exploratory-analysis":           {"exploratory data analysis", "EDA", "data visualisation", "dashboards", "exploratory analysis", "business intelligence"},
	"feature-engineering":            {"feature engineering", "feature stores", "feature store", "feature pipelines"},
	"bias-variance":                  {"cross-validation", "overfitting", "regularisation", "bias/variance"},
	"model-training":                 {"model training", "training models", "train models", "train ML models", "train machine learning models", "entrenar modelos", "entraîner des modèles", "Modelltraining", "Training von Modellen", "training and deploying models", "model development"},
	"distributed-training-compute":   {"distributed training", "GPU clusters", "multi-GPU", "GPU optimisation", "model parallelism"},
	"hyperparameter-tuning":          {"hyperparameter tuning", "hyper-parameter tuning", "hyperparameter optimisation"},
	"experiment-tracking-registry":   {"experiment tracking", "model registry", "model registries", "model versioning", "model lineage"},
	"evaluation-metrics":             {"evaluation metrics", "model evaluation", "model validation", "precision and recall"},
	"genai-evaluation":               {"LLM evaluation", "LLM evals", "evals", "evaluation of LLMs", "agent evaluation", "evaluation frameworks for LLMs", "LLM-as-a-judge", "RAG evaluation"},
	"responsible-ai-explainability":  {"responsible AI", "explainability", "explainable AI", "AI ethics", "ethical AI", "model interpretability", "fairness metrics", "XAI"},
	"content-safety-guardrails":      {"guardrails", "content moderation", "prompt injection", "content safety", "AI safety", "red teaming", "red-teaming", "jailbreaks"},
	"data-privacy-governance":        {"data governance", "data privacy", "GDPR", "HIPAA", "PII", "AI governance", "data protection", "EU AI Act", "DSGVO", "RGPD", "model governance"},
	"security-iam-network":           {"least privilege", "cloud security", "access control", "RBAC", "network security", "zero trust", "identity and access management", "secrets management"},
	"prebuilt-ai-services":           {"managed AI services", "cognitive APIs", "AI APIs", "pre-built AI services", "cloud AI services"},
	"automl-low-code":                {"AutoML", "low-code", "no-code"},
	"nlp-text-speech":                {"NLP", "natural language processing", "text analytics", "speech recognition", "speech-to-text", "text-to-speech", "sentiment analysis", "named entity recognition", "machine translation", "traitement du langage naturel", "procesamiento del lenguaje natural", "自然言語処理"},
	"computer-vision":                {"computer vision", "object detection", "image classification", "image recognition", "image segmentation", "vision par ordinateur", "visión artificial", "Bildverarbeitung", "コンピュータビジョン"},
	"document-intelligence":          {"document intelligence", "OCR", "document processing", "document extraction", "document understanding"},
	"foundation-model-selection":     {"foundation models", "model selection", "open-source LLMs", "open-weight models", "model benchmarking"},
	"prompt-engineering":             {"prompt engineering", "prompt design", "prompting", "prompt management", "prompt templates", "prompt optimisation"},
	"vector-search-embeddings":       {"embeddings", "vector databases", "vector database", "vector search", "vector stores", "vector DB", "semantic search", "similarity search", "Vektordatenbanken", "bases vectorielles"},
	"rag-grounding":                  {"RAG", "RAG pipelines", "RAG systems", "RAG applications", "RAG architectures", "RAG solutions", "retrieval-augmented generation", "retrieval augmented generation", "grounding", "hybrid search", "re-ranking", "reranking", "document chunking", "GraphRAG"},
	"fine-tuning":                    {"fine-tuning", "fine-tune", "fine-tuned", "finetuning", "LoRA", "QLoRA", "PEFT", "RLHF", "model distillation", "model customisation", "instruction tuning"},
	"agents-tools":                   {"agents", "AI agents", "AI agent", "LLM agents", "agentic", "agentic AI", "agentic systems", "agentic workflows", "autonomous agents", "function calling", "tool calling", "tool use", "KI-Agenten", "agents IA", "agentes de IA", "AIエージェント"},
	"multi-agent-orchestration":      {"multi-agent", "multi-agent systems", "agent orchestration", "multiagent"},
	"deployment-strategies":          {"model deployment", "deploying models", "deploy models", "model serving", "canary", "blue/green", "A/B testing", "shadow deployments", "batch inference", "real-time inference", "online inference", "deploying ML models", "deploy ML models", "deploying machine learning models", "deploy machine learning models"},
	"scaling-performance":            {"low latency", "low-latency", "high availability", "auto-scaling", "autoscaling", "inference optimisation", "high throughput", "latency optimisation"},
	"infrastructure-automation":      {"infrastructure as code", "infrastructure-as-code", "IaC", "containerisation", "container orchestration"},
	"mlops-pipelines":                {"MLOps", "LLMOps", "ML Ops", "CI/CD", "ML pipelines", "model retraining", "continuous integration", "continuous delivery", "training pipelines", "machine learning pipelines", "GenAIOps"},
	"monitoring-drift-observability": {"model monitoring", "drift", "data drift", "model drift", "concept drift", "drift detection", "observability", "monitoring of models", "monitoring models", "monitor models"},
	"cost-optimisation":              {"cost optimisation", "FinOps", "cost control", "cost management", "token costs", "cost efficiency"},
	"app-integration":                {"REST APIs", "REST API", "RESTful APIs", "API integration", "microservices", "event-driven", "system integration", "API development", "serverless"},
	"ai-business-strategy":           {"AI strategy", "AI adoption", "AI roadmap", "AI transformation", "build vs buy", "change management", "AI use cases", "KI-Strategie", "stratégie IA"},
	"problem-framing":                {"problem framing", "translating business problems", "translate business problems", "translate business requirements"},
}

// certificates are names of credentials that the catalogue has no exam for, or
// under which people write one that it has.
var certificates = []struct {
	code  exam.Code
	name  string // of those outside the catalogue
	names []string
}{
	{"MLS-C01", "", []string{"AWS Certified Machine Learning", "AWS Machine Learning Specialty", "AWS ML Specialty", "AWS Certified ML Specialty", "AWS Machine Learning Certification", "AWS Certified Machine Learning Specialist"}},
	{"MLA-C02", "", []string{"AWS Machine Learning Engineer Associate", "AWS ML Engineer Associate", "AWS Certified ML Engineer", "AWS Certified Machine Learning Engineer"}},
	{"AIF-C01", "", []string{"AWS AI Practitioner"}},
	{"AIP-C01", "", []string{"AWS Generative AI Developer", "AWS Certified Generative AI Developer"}},
	{"DEA-C01", "", []string{"AWS Data Engineer Associate", "AWS Certified Data Engineer"}},
	{"AI-102", "", []string{"Azure AI Engineer Associate", "Azure AI Engineer certification", "Azure AI Engineer certificate"}},
	{"AI-103", "", []string{"Azure AI Apps and Agents Developer Associate"}},
	{"AI-901", "", []string{"Azure AI Fundamentals"}},
	{"DP-100", "", []string{"Azure Data Scientist Associate"}},
	{"AI-300", "", []string{"MLOps Engineer Associate"}},
	{"PMLE", "", []string{"Google Professional Machine Learning Engineer", "Google Cloud Professional Machine Learning Engineer", "GCP Professional Machine Learning Engineer", "GCP Professional ML Engineer", "Google Cloud Professional ML Engineer", "GCP ML Engineer certification"}},
	{"PDE", "", []string{"Google Professional Data Engineer", "Google Cloud Professional Data Engineer", "GCP Professional Data Engineer", "Google Cloud Certified Data Engineer"}},
	{"GAIL", "", []string{"Google Cloud Generative AI Leader", "Google Generative AI Leader", "Generative AI Leader certification"}},
	{"CLF-C02", "AWS Certified Cloud Practitioner", []string{"AWS Certified Cloud Practitioner", "AWS Cloud Practitioner"}},
	{"SAA-C03", "AWS Certified Solutions Architect - Associate", []string{"AWS Certified Solutions Architect", "AWS Solutions Architect Associate", "AWS Solutions Architect certification"}},
	{"DVA-C02", "AWS Certified Developer - Associate", []string{"AWS Certified Developer"}},
	{"AZ-900", "Microsoft Azure Fundamentals", []string{"Azure Fundamentals"}},
	{"AZ-104", "Azure Administrator Associate", []string{"Azure Administrator Associate"}},
	{"AZ-305", "Azure Solutions Architect Expert", []string{"Azure Solutions Architect Expert"}},
	{"DP-203", "Azure Data Engineer Associate", []string{"Azure Data Engineer Associate"}},
	{"AZ-400", "DevOps Engineer Expert", nil},
	{"AZ-500", "Azure Security Engineer Associate", nil},
	{"DP-300", "Azure Database Administrator Associate", nil},
	{"DP-420", "Azure Cosmos DB Developer Specialty", nil},
	{"PL-300", "Power BI Data Analyst Associate", nil},
	{"SC-900", "Security, Compliance, and Identity Fundamentals", nil},
	{"SAP-C02", "AWS Certified Solutions Architect - Professional", []string{"AWS Certified Solutions Architect Professional", "AWS Solutions Architect Professional"}},
	{"SCS-C02", "AWS Certified Security - Specialty", []string{"AWS Certified Security"}},
	{"DP-600", "Fabric Analytics Engineer Associate", nil},
	{"DP-900", "Azure Data Fundamentals", []string{"Azure Data Fundamentals"}},
	{"PCA", "Google Cloud Certified Professional Cloud Architect", []string{"Google Cloud Professional Cloud Architect", "Google Professional Cloud Architect", "GCP Professional Cloud Architect"}},
	{"ACE", "Google Cloud Certified Associate Cloud Engineer", []string{"Google Cloud Associate Cloud Engineer", "GCP Associate Cloud Engineer"}},
	{"CKA", "Certified Kubernetes Administrator", []string{"Certified Kubernetes Administrator"}},
}
