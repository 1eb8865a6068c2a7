// Package recommend turns a person's situation and evidence into a ranking of
// certifications, each with a ledger of the reasons for its place.
//
// # The score
//
// A certification's score is the sum of its ledger. Every entry is a multiple of
// the catalogue's Weights.Step, a power of two, so that the figures on the page
// add up exactly and claim no precision they don't have. Two parts are kept
// apart, by the source of their lines:
//
//	score     = situation + evidence
//	situation = rules + market + aims + depth + status + judgement + reach
//	evidence  = answers
//
// All figures are in the catalogue: a rule's weight in rules.yaml, everything else
// in weights.yaml with the reason for its size (catalogue.Weights, here w).
// Sensitive says how much the first choices of Personas hang on them.
//
// Rules. Each rule that the profile fires gives its weight (3 the employer's
// cloud or a deep fit, 2 role and background, 1 industry and claims). Rules that
// say the same thing count once: see "Families" below.
//
// Market. What job postings name counts as a rule about the cloud they name most,
// in the employer's family, with w.Market.Cap · share · n / (n + w.Market.Half)
// points for n postings.
//
// Aims. Points for an exam that somebody names as their target; for an associate
// or higher exam on a cloud of which they hold nothing, if they hold another's and
// want to stand out with two, against one on a cloud of which they hold something;
// and for the cloud aimed at, where the present employer's is another.
//
// Depth. What was said about depth and prerequisites against the level of the
// exam.
//
// Answers. For an exam that has been measured (enough questions in the bank,
// w.Evidence.From answers or more),
//
//	w.Evidence.Cap · tanh(½ · (logit p − logit p₀))
//
// where p is the probability of passing today and p₀ the one assumed before any
// answer: half the logarithm of the odds ratio that the answers made, bounded.
// With few answers p has hardly left p₀, so the term needs no shrinking. It
// depends on one exam alone and rises with p. An exam on which too few answers
// bear directly gets it too, once there are as many on others, in a line of its own.
//
// Reach is where the two meet, and is our judgement: what the situation gives an
// exam counts only as far as the answers let it. A professional, specialty or
// expert exam loses all that the situation gave it (but the calendar), and
// w.Reach.TopPoints, where its pass probability is w.Reach.TopNone or less; up to
// w.Reach.TopFull the loss fades to nothing. Where the words ask for its cloud, the
// step before it there (the associate exam, else the entry exam) is supported
// instead as the exam was, by w.Reach.StepBefore; where there is none, or it is
// beneath the learner or off the exam's subject, the exam keeps what it was given. An entry exam loses
// w.Reach.EntryPoints, and whatever the answers gave it, for somebody who holds or
// is likely to pass an exam of a higher level, unless they want to understand
// rather than build. For them modest words (no background in machine learning,
// little technical base, a wish for a first certification) say nothing of the
// level either: what was shown says more than what was said.
//
// Status. Points for an exam that can be taken on the day, against one of which
// that isn't confirmed, that ends soon, or whose successor can be taken as well.
//
// Judgement. Ours, and marked so: the next step of a usual order after what is
// held; an exam that takes the place of a held one that has ended; a credential
// that is already held under another exam code; a professional exam that neither
// answers nor anything technical in the profile bring near; an exam
// about data engineering or MLOps where nothing that was said points there; a
// prerequisite that isn't held.
//
// Ties go to the higher pass probability, then to the exam that is confirmed,
// then to an associate exam before an entry exam before a professional one, then
// to the cheaper, then to the order of the catalogue.
//
// # Families
//
// Every factor belongs to a family, named in rules.yaml: employer (the present
// cloud and the one aimed at), stack, role, industry, background, goal, depth,
// prerequisites, style. A rule that matches any of its factors may fire through
// several families. For each certification the rules are taken strongest first
// (among equals the one that fired through more families, then by id); a rule
// counts through those of its families that no earlier rule has taken, and is
// silent when none is left. So the employer's cloud, said by three rules and the
// market, counts once, and the result doesn't depend on the order of rules,
// factors or values.
//
// Taken by itself this could punish people for saying more: a rule that fires
// through one more family takes it from another. So the sum is the largest that
// any part of what was said gives by that procedure (families.go finds it without
// trying all). Saying more then never lowers what rules give an exam, but for the
// conflicts below.
//
// Conflicts are settled as the catalogue says, and shown: two rules that claim the
// same industry for different exams count zero for it; a rule about an industry
// alone gives way where the background or the prerequisites speak for other
// exams; and the wish for depth gives way to a missing base.
//
// # Exams that no longer exist
//
// The rules come from comparisons of exams of which two have been withdrawn. A
// rule is applied to the exam it names and then translated through the
// catalogue's remaps; directions.go holds the conditions of each direction. A
// rule about a cloud as a whole also counts, by a share of its weight, for that
// cloud's other exams, and in full for its entry exam where enough answers put a
// pass of the exam it names out of sight and no word tells of a technical base.
package recommend
