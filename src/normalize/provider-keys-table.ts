/** Formats of keys and tokens that providers issue, as they document them. Data only. */

export interface ProviderFormat {
  /** "openai", "anthropic", "aws"… */
  readonly provider: string;
  /** "OpenAI API key". */
  readonly title: string;
  /** Source of a regular expression without groups that capture, every quantifier bounded by one class. */
  readonly format: string;
}

const rows = (table: readonly (readonly [string, string, string])[]): readonly ProviderFormat[] =>
  table.map(([provider, title, format]) => ({ provider, title, format }));

/** Recognised by themselves, anywhere. More specific prefixes first. */
export const FORMATS: readonly ProviderFormat[] = rows([
  ["anthropic", "Anthropic API key", "sk-ant-[\\w-]{24,200}"],
  ["openrouter", "OpenRouter API key", "sk-or-(?:v1-)?[\\w-]{32,128}"],
  ["langfuse", "Langfuse secret key", "sk-lf-[\\da-f-]{36}"],
  ["openai", "OpenAI API key", "sk-(?:proj|svcacct|admin|None)-[\\w-]{24,220}"],
  ["openai", "OpenAI API key", "sk-[A-Za-z\\d]{32,64}"],
  ["stripe", "Stripe live key", "(?:sk|rk)_live_[A-Za-z\\d]{16,247}"],
  ["stripe", "Stripe webhook secret", "whsec_[A-Za-z\\d+/=]{32,64}"],
  ["supabase", "Supabase access token", "sb(?:p_[\\da-f]{40}|_secret_[\\w-]{22,60})"],
  ["shopify", "Shopify access token", "shp(?:at|ca|pa|ss)_[\\da-fA-F]{32}"],
  ["google", "Google API key", "AIza[\\w-]{35}"],
  ["google", "Google OAuth client secret", "GOCSPX-[\\w-]{28}"],
  ["groq", "Groq API key", "gsk_[A-Za-z\\d]{40,64}"],
  ["huggingface", "Hugging Face token", "hf_[A-Za-z\\d]{34,40}"],
  ["replicate", "Replicate API token", "r8_[A-Za-z\\d]{35,40}"],
  ["perplexity", "Perplexity API key", "pplx-[A-Za-z\\d]{40,64}"],
  ["xai", "xAI API key", "xai-[A-Za-z\\d]{40,100}"],
  ["langsmith", "LangSmith API key", "lsv2_(?:pt|sk)_[\\da-f]{32}_[\\da-f]{10}"],
  ["pinecone", "Pinecone API key", "pcsk_\\w{40,90}"],
  ["nvidia", "NVIDIA API key", "nvapi-[\\w-]{50,80}"],
  ["fireworks", "Fireworks API key", "fw_[A-Za-z\\d]{22,30}"],
  ["cerebras", "Cerebras API key", "csk-[a-z\\d]{40,60}"],
  ["tavily", "Tavily API key", "tvly-[A-Za-z\\d-]{28,60}"],
  ["jina", "Jina API key", "jina_[\\w-]{50,80}"],
  ["voyage", "Voyage API key", "pa-[\\w-]{43}"],
  ["github", "GitHub token", "gh[pousr]_[A-Za-z\\d]{36,255}"],
  ["github", "GitHub fine-grained token", "github_pat_[A-Za-z\\d]{22}_[A-Za-z\\d]{59}"],
  ["gitlab", "GitLab token", "gl(?:pat|dt|rt|ptt|cbt|ft|soat)-[\\w-]{20,64}"],
  ["aws", "AWS access key", "A(?:KI|SI)A[A-Z\\d]{16}"],
  ["azure-storage", "Azure Storage account key", "(?<=AccountKey=)[A-Za-z\\d+/]{86}=="],
  ["slack", "Slack token", "xox[abeoprs]-[A-Za-z\\d-]{20,250}"],
  ["slack", "Slack app token", "xapp-\\d-[A-Za-z\\d-]{30,250}"],
  ["slack", "Slack webhook", "https://hooks\\.slack\\.com/(?:services|workflows)/[A-Za-z\\d/]{40,80}"],
  [
    "discord",
    "Discord webhook",
    "https://(?:ptb\\.|canary\\.)?discord(?:app)?\\.com/api/webhooks/\\d{17,20}/[\\w-]{60,80}",
  ],
  ["telegram", "Telegram bot token", "\\d{8,10}:AA[\\w-]{33}"],
  ["sendgrid", "SendGrid API key", "SG\\.[\\w-]{22}\\.[\\w-]{43}"],
  ["twilio", "Twilio API key", "SK[\\da-f]{32}"],
  ["mailgun", "Mailgun API key", "key-[\\da-f]{32}"],
  ["npm", "npm token", "npm_[A-Za-z\\d]{36}"],
  ["pypi", "PyPI token", "pypi-AgE[\\w-]{50,250}"],
  ["digitalocean", "DigitalOcean token", "do[opr]_v1_[\\da-f]{64}"],
  ["docker", "Docker Hub token", "dckr_(?:pat|oat)_[\\w-]{27,40}"],
  ["databricks", "Databricks token", "dapi[\\da-f]{32}"],
  ["vault", "Vault token", "hv[sb]\\.[\\w-]{24,200}"],
  ["linear", "Linear API key", "lin_api_[A-Za-z\\d]{40}"],
  ["notion", "Notion token", "ntn_[A-Za-z\\d]{40,60}"],
  ["newrelic", "New Relic key", "NRAK-[A-Z\\d]{27}"],
  ["postman", "Postman API key", "PMAK-[\\da-f]{24}-[\\da-f]{34}"],
  ["age", "age secret key", "AGE-SECRET-KEY-1[A-Z\\d]{58}"],
]);

export interface NamedFormat extends ProviderFormat {
  /** Variable names, upper case with `_`, that say whose key it is where its format does not. */
  readonly name: RegExp;
}

/** Formats too plain to recognise by themselves: the name of the variable must say so. */
export const NAMED_FORMATS: readonly NamedFormat[] = (
  [
    [
      /AZURE_OPENAI(?:_API)?_KEY|AZURE_OPENAI_SUBSCRIPTION_KEY/,
      "azure-openai",
      "Azure OpenAI API key",
      "[\\da-f]{32}|[A-Za-z\\d]{84}",
    ],
    [
      /AZURE_(?:COGNITIVE|AI|SPEECH|SEARCH)\w*_KEY/,
      "azure",
      "Azure service key",
      "[\\da-f]{32}|[A-Za-z\\d]{52}|[A-Za-z\\d]{84}",
    ],
    [
      /AZURE_STORAGE(?:_ACCOUNT)?_KEY|AZURE_STORAGE_ACCESS_KEY/,
      "azure-storage",
      "Azure Storage account key",
      "[A-Za-z\\d+/]{86}==",
    ],
    [/AZURE_CLIENT_SECRET|ARM_CLIENT_SECRET/, "azure", "Azure client secret", "[\\w~.-]{34,44}"],
    [
      /AWS_SECRET_(?:ACCESS_)?KEY|AWS_SECRET_ACCESS_KEY_ID|S3_SECRET_(?:ACCESS_)?KEY/,
      "aws",
      "AWS secret access key",
      "[A-Za-z\\d+/]{40}",
    ],
    [/MISTRAL(?:AI)?_(?:API_)?KEY/, "mistral", "Mistral API key", "[A-Za-z\\d]{32}"],
    [/(?:COHERE|CO)_API_KEY/, "cohere", "Cohere API key", "[A-Za-z\\d]{40}"],
    [/TOGETHER(?:AI|_AI)?_(?:API_)?KEY/, "together", "Together API key", "[\\da-f]{64}|tgp_v1_[\\w-]{43}"],
    [/DEEPSEEK_(?:API_)?KEY/, "deepseek", "DeepSeek API key", "sk-[\\da-f]{32}"],
    [/AI21_(?:API_)?KEY/, "ai21", "AI21 API key", "[A-Za-z\\d]{32}"],
    [/ELEVEN(?:LABS|_LABS)?_(?:API_)?KEY/, "elevenlabs", "ElevenLabs API key", "(?:sk_)?[\\da-f]{32,48}"],
    [/ASSEMBLYAI_(?:API_)?KEY/, "assemblyai", "AssemblyAI API key", "[\\da-f]{32}"],
    [/WEAVIATE_(?:API_)?KEY/, "weaviate", "Weaviate API key", "[A-Za-z\\d]{36,44}"],
    [/QDRANT_(?:API_)?KEY/, "qdrant", "Qdrant API key", "[\\w-]{40,80}"],
    [/SERP(?:API|ER)_(?:API_)?KEY/, "serpapi", "Search API key", "[\\da-f]{40,64}"],
    [/TWILIO_AUTH_TOKEN/, "twilio", "Twilio auth token", "[\\da-f]{32}"],
    [/(?:CLOUDFLARE|CF)_API_(?:TOKEN|KEY)/, "cloudflare", "Cloudflare API token", "[\\w-]{37,40}"],
    [/(?:DD|DATADOG)_API_KEY/, "datadog", "Datadog API key", "[\\da-f]{32}"],
    [/(?:DD|DATADOG)_APP(?:LICATION)?_KEY/, "datadog", "Datadog application key", "[\\da-f]{40}"],
    [/HEROKU_API_KEY/, "heroku", "Heroku API key", "[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}"],
    [/DISCORD_(?:BOT_)?TOKEN/, "discord", "Discord bot token", "[\\w-]{23,28}\\.[\\w-]{6}\\.[\\w-]{27,40}"],
  ] as const
).map(([name, provider, title, format]) => ({ name, provider, title, format }));
