#!/usr/bin/env bash
# Runs the gate. Ends with 0 whatever the verdict, so that summary and report come about: the last step
# of action.yml ends with the gate's code. Outputs: exit-code, verdict, report-path.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "$RUNNER_TEMP/graphql-lambda-bench-XXXXXX")

usage() {
  printf '::error::%s\n' "$1"
  exit 2
}

# xargs knows quotes and expands nothing.
extra=()
if [[ -n ${ARGS//[[:space:]]/} ]]; then
  printf '%s\n' "$ARGS" | xargs printf '%s\0' > "$work/args" ||
    usage 'args: the quotes do not match'
  mapfile -d '' -t extra < "$work/args"
fi

# What a gate compares, where the flags do not say it themselves.
sides=(--against)
for arg in ${extra[@]+"${extra[@]}"}; do
  case $arg in
    # What comes with it (build, skip-same) would be lost.
    --against | --against=*) usage 'args: name the revision in the input "against"' ;;
    --base-handler | --base-handler=* | --baseline | --baseline=* | --budgets-only)
      sides=()
      ;;
  esac
done
if [[ ${#sides[@]} == 1 ]]; then
  # A pull request's checkout is a merge into the base as it is now: that is its first parent. The
  # event's base may be older, and other people's changes would be measured with this one.
  if [[ -n $AGAINST ]]; then against=$AGAINST
  elif [[ -z $BASE_SHA ]]; then against=HEAD^
  elif [[ $(git rev-parse --verify --quiet 'HEAD^2' || true) == "$HEAD_SHA" ]]; then against=HEAD^1
  else against=$BASE_SHA
  fi
  [[ $against != -* ]] || usage "against: \"$against\" is not a revision"
  if ! git rev-parse --verify --quiet "$against^{commit}" > /dev/null; then
    [[ $(git rev-parse --is-shallow-repository) == false ]] ||
      usage "against: there is no $against in this shallow checkout; give actions/checkout fetch-depth: 0"
    usage "against: there is no revision $against"
  fi
  sides+=("$against")
  [[ -z $BUILD ]] || sides+=(--build "$BUILD")
  case $SKIP_SAME in
    true) sides+=(--skip-same) ;;
    false) ;;
    *) usage 'skip-same: write true or false' ;;
  esac
fi

flags=()
[[ -z $BUDGET ]] || flags+=(--budget "$BUDGET")
[[ -z $INCONCLUSIVE ]] || flags+=(--inconclusive "$INCONCLUSIVE")

# Results lie outside of the working tree, which is the head and is to stay as it is.
code=0
"$here/with-quotas.sh" node -- "$BENCH" gate ${sides[@]+"${sides[@]}"} ${flags[@]+"${flags[@]}"} \
  --yes --results "$work/results" ${extra[@]+"${extra[@]}"} --output "$work/gate" || code=$?

verdict=none
if [[ -f $work/gate/gate.json ]]; then
  verdict=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8")).verdict' "$work/gate/gate.json")
fi
{
  printf 'exit-code=%s\n' "$code"
  printf 'verdict=%s\n' "$verdict"
  printf 'report-path=%s\n' "$work/gate"
} >> "$GITHUB_OUTPUT"
